using System.Globalization;
using System.Text;

namespace SupportConsole.Core;

/// <summary>What a reader sees of a text that somebody else chose: whether there is anything, and that it stays in its place.</summary>
public static class VisibleText
{
    private const char FirstStrongIsolate = '\u2068';
    private const char PopDirectionalIsolate = '\u2069';

    /// <summary>Whether the text has nothing to see: spaces, controls, marks without a letter, and fillers that are drawn as nothing.</summary>
    public static bool IsBlank(string? text)
    {
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (IsSeen(rune))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The beginning of a text, with at most so many characters (UTF-16): never cut within one that is a pair.</summary>
    public static string Beginning(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }

    /// <summary>The same with an ellipsis after what was cut.</summary>
    public static string Shortened(string text, int length) => Beginning(text, length) is var beginning && beginning.Length == text.Length ? text : $"{beginning}…";

    /// <summary>
    /// The text for a sentence that can't hold elements, such as a label or a page's title: where it has characters that turn the
    /// direction of what follows, it is isolated. Elsewhere <c>bdi</c> does the same.
    /// </summary>
    public static string Isolate(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.EnumerateRunes().Any(rune => IsDirectionControl(rune.Value) || IsRightToLeft(rune.Value)))
        {
            return text;
        }

        // A control of its own could end the isolation; what a name needs of them the isolation does.
        var own = string.Concat(text.EnumerateRunes().Where(rune => !IsDirectionControl(rune.Value)));
        return $"{FirstStrongIsolate}{own}{PopDirectionalIsolate}";
    }

    /// <summary>The text for a terminal, on one line: what would move the cursor, colour, turn or hide anything stands as its code.</summary>
    public static string ForTerminal(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Concat(text.EnumerateRunes().Select(rune => Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            ? string.Create(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x4}}}")
            : rune.ToString()));
    }

    private static bool IsSeen(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => false,
        _ => !IsFiller(rune.Value),
    };

    // Default_Ignorable_Code_Point of the Unicode Character Database (DerivedCoreProperties.txt) as far as the category doesn't tell,
    // and two symbols that are drawn as nothing: the empty Braille pattern and the null notehead.
    internal static bool IsFiller(int point) => point is 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2065 or 0x3164 or 0xFFA0
        or (>= 0x180B and <= 0x180F) or (>= 0xFFF0 and <= 0xFFF8) or (>= 0xE0000 and <= 0xE0FFF) or 0x2800 or 0x1D159;

    private static bool IsDirectionControl(int point) => point is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    // The blocks that Unicode reserves for scripts from right to left (DerivedBidiClass.txt).
    private static bool IsRightToLeft(int point) => point is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF)
        or (>= 0xFE70 and <= 0xFEFF) or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);
}
