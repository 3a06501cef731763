using System.Text;

namespace SupportConsole.Tests.TestKit;

/// <summary>A reader of CSV written from RFC 4180 alone, and from docs/audit-exports.md what undoes the care for spreadsheets.</summary>
internal static class PlainCsv
{
    /// <summary>The rows of a file, its header among them. Each must end as the RFC says.</summary>
    public static IReadOnlyList<string[]> Rows(byte[] file)
    {
        Assert.Equal([0xef, 0xbb, 0xbf], file[..3]);
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file[3..]);
        var (rows, row, cell, quoted) = (new List<string[]>(), new List<string>(), new StringBuilder(), false);
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"' when quoted && at + 1 < text.Length && text[at + 1] == '"':
                    cell.Append('"');
                    at++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    row.Add(Taken());
                    break;
                case '\r' when !quoted && text[at + 1] == '\n':
                    row.Add(Taken());
                    rows.Add([.. row]);
                    row.Clear();
                    at++;
                    break;
                default:
                    Assert.True(quoted, "Something stands outside the quotes.");
                    cell.Append(text[at]);
                    break;
            }
        }

        Assert.True(!quoted && row.Count == 0 && cell.Length == 0, "The file is cut off.");
        return rows;

        string Taken()
        {
            var taken = cell.ToString();
            cell.Clear();
            return taken;
        }
    }

    /// <summary>The text that a cell was made of.</summary>
    public static string Undone(string cell)
    {
        var text = new StringBuilder();
        for (var at = 0; at < cell.Length; at++)
        {
            var isBorder = text.Length == 0 || text[^1] is ',' or ';' or '|' or '\t' or '\r' or '\n' or '"';
            if (isBorder && cell[at] == '\'' && cell[(at + 1)..].TrimStart(' ', '\u00a0', '\u3000', '\u2003') is [('=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠' or '\''), ..])
            {
                at++;
            }

            if (cell[at] == '\\' && at + 2 < cell.Length && cell[at + 1] == 'u' && cell[at + 2] == '{')
            {
                var end = cell.IndexOf('}', at);
                text.Append((char)Convert.ToInt32(cell[(at + 3)..end], 16));
                at = end;
            }
            else
            {
                text.Append(cell[at]);
            }
        }

        return text.ToString();
    }
}
