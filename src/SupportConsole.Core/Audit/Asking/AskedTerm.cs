namespace SupportConsole.Core.Audit.Asking;

/// <summary>One term of a typed query, with its place in the text.</summary>
/// <param name="Key">What it narrows.</param>
/// <param name="Value">The value, without quotes; never empty.</param>
/// <param name="IsNot">Whether events that fit it are left out.</param>
/// <param name="IsQuoted">Whether the value stood in quotes; of a text, its words then stand whole and one behind the other.</param>
public sealed record AskedTerm(AskedKey Key, string Value, bool IsNot = false, bool IsQuoted = false)
{
    /// <summary>Where it begins in the text, from 0, in UTF-16 units.</summary>
    public int At { get; init; }

    /// <summary>How long it is in the text.</summary>
    public int Length { get; init; }

    /// <summary>The term as it is typed; it is read again as the same.</summary>
    public override string ToString() =>
        $"{(IsNot ? "-" : "")}{(Key == AskedKey.Text ? "" : $"{AskedText.NameOf(Key)}:")}{(IsQuoted || NeedsQuotes ? $"\"{Value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : Value)}";

    private bool NeedsQuotes =>
        Value.Any(char.IsWhiteSpace) || Value.StartsWith('"') || (Key == AskedKey.Text && ((Value.StartsWith('-') && !IsNot) || AskedText.KeyIn(Value, 0) > 0));
}
