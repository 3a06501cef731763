using System.Globalization;
using System.Text;

namespace SupportConsole.Core;

/// <summary>
/// Text as a cell that no spreadsheet runs. An apostrophe goes before whatever begins a formula, in the cell and behind anything that
/// another reader may take for the beginning of one: separators, quotes, line breaks. Controls that readers choke on or cut at are spelt
/// out. Both can be undone, so that nothing is lost (docs/audit-exports.md).
/// </summary>
public static class SpreadsheetText
{
    // With their full-width forms, which some readers take for them, and the mark itself.
    private const string Dangerous = "=+-@\t\r\n＝＋－＠'";
    private const string Borders = ",;|\t\r\n\"";
    private const string SpelledOut = "\\u{";

    /// <summary>The cell of a text, which is to be quoted as RFC 4180 has it.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!NeedsCare(text))
        {
            return text;
        }

        var cell = new StringBuilder(text.Length + 16);
        for (var at = 0; at < text.Length; at++)
        {
            if (BeginsFormula(text, at))
            {
                cell.Append('\'');
            }

            if (IsControl(text[at]) || string.CompareOrdinal(text, at, SpelledOut, 0, SpelledOut.Length) == 0)
            {
                cell.Append(CultureInfo.InvariantCulture, $"{SpelledOut}{(int)text[at]:x}}}");
            }
            else
            {
                cell.Append(text[at]);
            }
        }

        return cell.ToString();
    }

    private static bool NeedsCare(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (IsControl(text[at]) || text[at] == '\\' || BeginsFormula(text, at))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether here a cell may be taken to begin, and what follows, blanks aside, would make it a formula.</summary>
    private static bool BeginsFormula(string text, int at)
    {
        if (at > 0 && !Borders.Contains(text[at - 1], StringComparison.Ordinal))
        {
            return false;
        }

        while (at < text.Length && char.GetUnicodeCategory(text[at]) == UnicodeCategory.SpaceSeparator)
        {
            at++;
        }

        return at < text.Length && Dangerous.Contains(text[at], StringComparison.Ordinal);
    }

    private static bool IsControl(char letter) => char.IsControl(letter) && letter is not ('\t' or '\r' or '\n');
}
