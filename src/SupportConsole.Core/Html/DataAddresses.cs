using System.Buffers;
using System.Globalization;
using System.Text;

namespace SupportConsole.Core.Html;

/// <summary>Files written into a text as <c>data:</c> addresses (RFC 2397): no words, and longer than all of them together.</summary>
public static class DataAddresses
{
    private const string Scheme = "data:";

    // A shorter one disturbs nobody; the kind of a file takes no more than that either.
    private const int Short = 200;

    private static readonly SearchValues<char> s_kind =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+.;=-_");

    private static readonly SearchValues<char> s_content =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+=-_%.~");

    /// <summary>The text with each file's content replaced by how long it is.</summary>
    public static string Shorten(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shortened = new StringBuilder();
        var written = 0;
        for (var at = Next(text, 0); at >= 0; at = Next(text, at))
        {
            var rest = text.AsSpan(at + Scheme.Length);
            var comma = rest[..Math.Min(rest.Length, Short)].IndexOf(',');
            var from = at + Scheme.Length + comma + 1;
            at += Scheme.Length;
            if (comma < 0 || rest[..comma].ContainsAnyExcept(s_kind))
            {
                continue;
            }

            var content = text.AsSpan(from).IndexOfAnyExcept(s_content) is >= 0 and var end ? end : text.Length - from;
            if (content > Short)
            {
                shortened.Append(text, written, from - written).Append(CultureInfo.InvariantCulture, $"… ({content:N0} characters of a file, not shown)");
                written = from + content;
            }

            at = from + content;
        }

        return written == 0 ? text : shortened.Append(text, written, text.Length - written).ToString();
    }

    private static int Next(string text, int from) => text.IndexOf(Scheme, from, StringComparison.OrdinalIgnoreCase);
}
