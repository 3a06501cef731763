namespace SupportConsole.Features.ApiKeys.Ending;

/// <summary>How far a suspension goes.</summary>
/// <param name="StillReads">Collections that the key was seen to read after it; those open to everybody don't count.</param>
/// <param name="Untested">Others with a rule that doesn't test who is disabled, so that the key may still view or write there.</param>
/// <param name="Looked">Whether the console could look at all.</param>
internal sealed record SuspensionReport(IReadOnlyList<string> StillReads, IReadOnlyList<string> Untested, bool Looked)
{
    /// <summary>The same in a few words.</summary>
    public string InWords => string.Join("; ", new[]
    {
        Looked ? StillReads.Count == 0 ? "reads nothing that isn't public" : $"still reads {string.Join(", ", StillReads)}" : "what it still reads couldn't be looked at",
        Untested.Count == 0 ? null : $"rules of {string.Join(", ", Untested)} don't all test it",
    }.OfType<string>());
}
