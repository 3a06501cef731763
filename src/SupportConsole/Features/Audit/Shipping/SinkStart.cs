namespace SupportConsole.Features.Audit.Shipping;

/// <summary>Where a sink begins that is configured for the first time.</summary>
internal static class SinkStart
{
    public const string Now = "now", Start = "start";

    /// <summary>What is wrong with the setting, as a sentence; null when nothing is.</summary>
    public static string? RefusalOf(string key, string value) =>
        value is Now or Start ? null : $"{key} is '{value}': set it to {Now}, for what happens from then on, or to {Start}, for the whole trail first.";
}
