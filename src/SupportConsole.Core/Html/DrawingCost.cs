using System.Globalization;

namespace SupportConsole.Core.Html;

/// <summary>
/// What a browser takes to draw something. Some of it costs the square of its length, and a body of a megabyte can keep a window busy
/// for minutes. Measured in Chromium, whose bounds these are; honest bodies are far below all of them.
/// </summary>
public static class DrawingCost
{
    /// <summary>
    /// The most characters that are <see cref="IsHeavy">heavy</see> between two blocks' edges. An article's longest paragraph has some
    /// thousand characters.
    /// </summary>
    internal const int HeavyLine = 10_000;

    // A part of a text is made of whole lines up to the first length; a line is broken only beyond the second.
    private const int ShortPart = 2000;
    private const int LongestLine = 10_000;

    /// <summary>A text in parts, each to be drawn as a block by itself. A line break between two is left out: the block's edge is one.</summary>
    public static IEnumerable<string> PartsOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var from = 0; from <= text.Length;)
        {
            var (length, skip) = NextPart(text.AsSpan(from));
            yield return text.Substring(from, length);
            from += length + Math.Max(skip, from + length == text.Length ? 1 : 0);
        }
    }

    /// <summary>How many ordinary elements one costs: quotation marks and numbers are counted anew for each, and a cell covers others' places.</summary>
    internal static int OfElement(string tag, string attributes) => tag switch
    {
        "q" => 10,
        "li" when attributes.Contains(" value=", StringComparison.Ordinal) => 20,
        "td" or "th" => 2 + (Covered("colspan", attributes) * Covered("rowspan", attributes) / 20),
        "details" => 2,
        _ => 1,
    };

    /// <summary>
    /// Whether a character, or a reference to one, costs more the longer its line is: scripts from right to left, of joined letters or
    /// without spaces, marks upon letters, and what isn't seen.
    /// </summary>
    internal static bool IsHeavy(ReadOnlySpan<char> character) => character switch
    {
        ['&', '#', 'x' or 'X', .. var hex, ';'] => IsHeavyReference(hex, NumberStyles.AllowHexSpecifier),
        ['&', '#', .. var number, ';'] => IsHeavyReference(number, NumberStyles.None),
        [< '\u0300', ..] => false,
        [(>= '\u0590' and <= '\u109F') or (>= '\u1780' and <= '\u17FF') or (>= '\uFB1D' and <= '\uFDFF') or (>= '\uFE70' and <= '\uFEFF'), ..] => true,
        [var high, var low] when char.IsSurrogatePair(high, low) => high is '\uD802' or '\uD803' or '\uD83A' or '\uD83B',
        [var c, ..] => CharUnicodeInfo.GetUnicodeCategory(c)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Surrogate,
        [] => false,
    };

    private static bool IsHeavyReference(ReadOnlySpan<char> number, NumberStyles style) =>
        int.TryParse(number, style, CultureInfo.InvariantCulture, out var code) && System.Text.Rune.IsValid(code) && IsHeavy(char.ConvertFromUtf32(code));

    private static (int Length, int Skip) NextPart(ReadOnlySpan<char> rest)
    {
        if (rest.Length <= ShortPart)
        {
            return (rest.Length, 0);
        }

        if (rest[..(ShortPart + 1)].LastIndexOf('\n') is >= 0 and var lines)
        {
            return (lines, 1);
        }

        var ahead = rest[..Math.Min(rest.Length, LongestLine)];
        if (ahead.IndexOf('\n') is >= 0 and var line)
        {
            return (line, 1);
        }

        return ahead.Length == rest.Length ? (rest.Length, 0)
            : ahead.LastIndexOf(' ') is > 0 and var space ? (space + 1, 0)
            : (char.IsHighSurrogate(ahead[^1]) ? ahead.Length - 1 : ahead.Length, 0);
    }

    private static int Covered(string name, string attributes)
    {
        var at = attributes.IndexOf($" {name}=\"", StringComparison.Ordinal) + name.Length + 3;
        return at < name.Length + 3 ? 1 : int.Parse(attributes.AsSpan(at..attributes.IndexOf('"', at)), CultureInfo.InvariantCulture);
    }
}
