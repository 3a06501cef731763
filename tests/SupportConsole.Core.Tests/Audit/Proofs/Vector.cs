using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Core.Tests.Audit.Proofs;

/// <summary>The files of published examples.</summary>
internal static class Vector
{
    public static string Text(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Audit", "Proofs", "Vectors", file));

    /// <summary>The words of the lines that begin with one, without it.</summary>
    public static IEnumerable<string[]> Lines(string file, string kind) =>
        Text(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Where(words => words[0] == kind)
            .Select(words => words[1..]);

    /// <summary>The leaves of the published tree.</summary>
    public static IEnumerable<TreeHash> Leaves() =>
        Lines("rfc6962-tree.txt", "leaf").Select(words => TreeHash.Leaf(words[0] == "-" ? [] : Convert.FromHexString(words[0])));

    /// <summary>A text with one thing wrong, in every way that is likely to be made: cut short, a character changed, a line lost, doubled or moved.</summary>
    public static IEnumerable<string> Spoilt(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            yield return text[..at];
            yield return text[at..];
            yield return text.Remove(at, 1);
            foreach (var other in "\n\r\0\t +=-/0A9z\u2014\ud800\udc00\ufeff\u00a0")
            {
                yield return text[..at] + other + text[(at + 1)..];
                yield return text.Insert(at, other.ToString());
            }
        }

        var lines = text.Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            yield return string.Join('\n', [.. lines[..at], .. lines[(at + 1)..]]);
            yield return string.Join('\n', [.. lines[..at], lines[at], .. lines[at..]]);
            yield return string.Join('\n', [.. lines[(at + 1)..], .. lines[..(at + 1)]]);
        }

        yield return text + "\n";
        yield return text + text;
        yield return text.ReplaceLineEndings("\r\n");
    }
}
