using System.Globalization;
using System.Text;
using SupportConsole.Core.Users;

namespace SupportConsole.Core.ViewAs;

/// <summary>
/// What may be wrong with a filter that somebody typed. PocketBase answers a filter that it doesn't take with 400 and not a word more
/// (measured, 0.28 to 0.40), so the console says what can be told from the text and the collection's fields.
/// </summary>
public static class FilterHints
{
    // Of the names that a filter may begin with, those that aren't fields.
    private static readonly string[] s_words = ["true", "false", "null"];

    // What PocketBase looks for in a user's filter, wherever it stands, and answers with 403 (measured, 0.39.1 and 0.40.4).
    private static readonly string[] s_ofRules = ["@request.", "@collection."];

    private static readonly (string Typed, string Meant)[] s_operators =
        [("==", "="), ("<>", "!="), ("=>", ">="), ("=<", "<="), ("===", "=")];

    private static readonly (string Typed, string Meant)[] s_spelled = [("and", "&&"), ("or", "||"), ("like", "~"), ("is", "="), ("in", "?=")];

    /// <summary>Why PocketBase would surely refuse a filter of a user's own; empty where it may take it, which only PocketBase can tell.</summary>
    /// <param name="filter">The filter as typed.</param>
    /// <param name="grammar">How the server reads filters.</param>
    public static IReadOnlyList<string> Refused(string filter, FilterGrammar grammar)
    {
        ArgumentNullException.ThrowIfNull(filter);
        List<string> faults = [];
        var length = Encoding.UTF8.GetByteCount(filter);

        // The order of the list and the place of the page are added to it.
        if (length > PocketBaseFilter.MaxBytes - 500)
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"The filter is too long: {length:N0} bytes, and PocketBase takes about 3,000 here."));
        }

        if (!PocketBaseFilter.StandsAlone(grammar, filter))
        {
            faults.Add("A bracket or a quotation mark isn't closed, or closes what wasn't opened.");
        }

        if (FilterWords.Of(filter).FirstOrDefault(part => part.Kind == FilterWordKind.Name && IsOfRules(part.Text)).Text is { } name)
        {
            faults.Add($"“{Shortened(name)}” belongs to rules. What users ask by themselves may compare fields and values only.");
        }
        else if (s_ofRules.FirstOrDefault(word => filter.Contains(word, StringComparison.Ordinal)) is { } word)
        {
            faults.Add($"PocketBase takes “{word}” from nobody but superusers, not even within a text or a comment.");
        }

        if (filter.Contains('\0', StringComparison.Ordinal))
        {
            faults.Add("The filter holds a character (NUL) that PocketBase doesn't take.");
        }

        return faults;
    }

    /// <summary>What may be wrong with a filter that PocketBase has refused, the likeliest first; never empty.</summary>
    /// <param name="filter">The filter as typed.</param>
    /// <param name="fields">The collection's fields that users see.</param>
    public static IReadOnlyList<string> For(string filter, IReadOnlyCollection<string> fields)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(fields);
        var parts = FilterWords.Of(filter).ToArray();
        List<string> hints = [];
        foreach (var operation in parts.Where(part => part.Kind == FilterWordKind.Operator).Select(part => part.Text).Distinct())
        {
            if (s_operators.FirstOrDefault(known => known.Typed == operation) is { Meant: { } meant })
            {
                hints.Add($"“{operation}” is no operator of PocketBase's: write “{meant}”.");
            }
            else if (operation.StartsWith('!') && operation is not ("!=" or "!~"))
            {
                hints.Add("PocketBase has no “not”: turn the comparison round instead, with “!=” or “!~”.");
            }
            else if (operation is "&" or "|")
            {
                hints.Add($"Comparisons are joined by “{operation}{operation}”.");
            }
        }

        foreach (var name in parts.Where(part => part.Kind == FilterWordKind.Name).Select(part => part.Text).Distinct())
        {
            if (s_spelled.FirstOrDefault(known => known.Typed.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Meant: { } meant } && !fields.Contains(name))
            {
                hints.Add($"“{name}” is no word of PocketBase's filters: write “{meant}”.");
            }
            else if (IsUnknown(name, fields))
            {
                var field = FieldOf(name);
                hints.Add(Nearest(field, fields) is { } near
                    ? $"Users see no field “{Shortened(field)}” here. Is “{near}” meant? A text to compare with needs quotation marks: '{Shortened(field)}'."
                    : $"Users see no field “{Shortened(field)}” here. A text to compare with needs quotation marks: '{Shortened(field)}'.");
            }
        }

        if (hints.Count == 0)
        {
            hints.Add("PocketBase doesn't take this filter and doesn't say why. A comparison is a field, an operator and a value, such as name = 'Ada' or created > '2026-01-31 00:00:00'.");
        }

        hints.Add(fields.Count == 0 ? "Users see none of this collection's fields." : $"Fields: {string.Join(", ", fields)}.");
        return hints;
    }

    private static bool IsOfRules(string name) =>
        name.StartsWith("@request", StringComparison.OrdinalIgnoreCase) || name.StartsWith("@collection", StringComparison.OrdinalIgnoreCase);

    // Macros begin with @ and functions are followed by a bracket, which Parts leaves out.
    private static bool IsUnknown(string name, IReadOnlyCollection<string> fields) =>
        !name.StartsWith('@') && !s_words.Contains(name, StringComparer.OrdinalIgnoreCase) && FieldOf(name) is var field && !fields.Contains(field)
        && !field.Contains("_via_", StringComparison.Ordinal);

    private static string FieldOf(string name) => name.Split('.', ':')[0];

    private static string Shortened(string text) => text.Length <= 60 ? text : $"{text[..60]}…";

    private static string? Nearest(string name, IEnumerable<string> fields) => fields
        .Select(field => (Field: field, Off: Distance(name, field)))
        .Where(near => near.Off <= Math.Max(Math.Min(2, name.Length / 2), name.Length / 3))
        .OrderBy(near => near.Off).Select(near => near.Field).FirstOrDefault();

    // Levenshtein's distance, without a thought for capitals. Long names aren't compared: the work grows with the product of both.
    private static int Distance(string one, string other)
    {
        if (one.Length > 100 || other.Length > 100)
        {
            return int.MaxValue;
        }

        int[] before = [.. Enumerable.Range(0, other.Length + 1)];
        for (var i = 1; i <= one.Length; i++)
        {
            var row = new int[other.Length + 1];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var change = before[j - 1] + (char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(before[j], row[j - 1]) + 1);
            }

            before = row;
        }

        return before[^1];
    }
}
