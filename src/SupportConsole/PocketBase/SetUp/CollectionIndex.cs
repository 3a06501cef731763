using System.Text.RegularExpressions;

namespace SupportConsole.PocketBase;

/// <summary>An index of a collection, as far as its statement says what it is good for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns in their order, without quotes.</param>
/// <param name="IsPartial">Whether it holds some rows only.</param>
/// <param name="IsByCase">Whether its first column is compared letter by letter, as <c>=</c> compares.</param>
internal sealed partial record CollectionIndex(string Name, IReadOnlyList<string> Columns, bool IsPartial, bool IsByCase)
{
    /// <summary>Reads the statement that made an index; null for one that isn't understood.</summary>
    public static CollectionIndex? Parse(string statement)
    {
        var match = Statement().Match(statement);
        if (!match.Success)
        {
            return null;
        }

        var parts = match.Groups["columns"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new CollectionIndex(
            Bare(match.Groups["name"].Value),
            [.. parts.Select(part => Bare(part.Split(' ')[0]))],
            match.Groups["rest"].Value.Contains("where", StringComparison.OrdinalIgnoreCase),
            parts.Length > 0 && !parts[0].Contains("nocase", StringComparison.OrdinalIgnoreCase));
    }

    private static string Bare(string name) => name.Trim().Trim('`', '"', '[', ']', '\'');

    // An expression as a column has brackets of its own: such an index serves no plain comparison and isn't read.
    [GeneratedRegex(
        @"^\s*CREATE\s+(UNIQUE\s+)?INDEX\s+(IF\s+NOT\s+EXISTS\s+)?(?<name>\S+)\s+ON\s+\S+?\s*\((?<columns>[^()]*)\)(?<rest>.*)$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Statement();
}
