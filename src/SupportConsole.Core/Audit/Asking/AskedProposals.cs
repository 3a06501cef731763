namespace SupportConsole.Core.Audit.Asking;

/// <summary>Proposes how a query may go on where it is being typed: keys, and the values of those that have a list of them.</summary>
public static class AskedProposals
{
    /// <summary>How many are proposed at most.</summary>
    public const int Most = 8;

    /// <summary>Where somebody types: behind what changed between two texts.</summary>
    public static int EditedAt(string before, string after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var same = 0;
        var most = Math.Min(before.Length, after.Length) - before.AsSpan().CommonPrefixLength(after);
        while (same < most && before[^(same + 1)] == after[^(same + 1)])
        {
            same++;
        }

        return after.Length - same;
    }

    /// <summary>What fits before the place.</summary>
    /// <param name="text">The query.</param>
    /// <param name="at">Where somebody types; what is outside of the text counts as its end.</param>
    /// <param name="valuesOf">The values of a key, each with what is shown of it; none where anything may stand.</param>
    public static IReadOnlyList<AskedProposal> For(string text, int at, Func<AskedKey, IEnumerable<(string Value, string Words)>> valuesOf)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(valuesOf);
        at = at < 0 || at > text.Length ? text.Length : at;
        if (text.Length > AskedText.LongestText || InQuotes(text, at, out var begin))
        {
            return [];
        }

        var term = text[begin..at];
        var sign = term.StartsWith('-') ? 1 : 0;
        if (term.Length == sign)
        {
            return []; // Nobody who only puts a space behind a term asks for more.
        }

        var (head, tail) = (text[..begin], text[at..]);
        var typed = term[sign..];
        if (typed.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0)
        {
            return AskedText.KeyNamed(typed[..colon]) is { } key
                ? [.. valuesOf(key).Where(value => Fits(value, typed[(colon + 1)..])).Select(value => Whole(new AskedTerm(key, value.Value, sign == 1), value.Words)).Take(Most)]
                : [];
        }

        var keys = AskedText.KeyNames.Where(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(name => new AskedProposal($"{head}{term[..sign]}{name}:{tail}", $"{term[..sign]}{name}:", IsWhole: false));
        var values = typed.Length < 2 ? [] : AskedText.Named.SelectMany(key => valuesOf(key).Where(value => Fits(value, typed))
            .Select(value => Whole(new AskedTerm(key, value.Value, sign == 1), value.Words)));
        return [.. keys.Concat(values).Take(Most)];

        AskedProposal Whole(AskedTerm proposed, string words) => new(
            $"{head}{proposed}{(tail.StartsWith(' ') ? "" : " ")}{tail}", words == proposed.Value ? $"{proposed}" : $"{term[..sign]}{AskedText.NameOf(proposed.Key)}:{words}", IsWhole: true);
    }

    /// <summary>A value fits by its beginning, and by that of any part of it or word of its name.</summary>
    private static bool Fits((string Value, string Words) value, string typed) =>
        typed.Length == 0 || Begins(value.Value, typed) || Begins(value.Words, typed);

    private static bool Begins(string whole, string typed)
    {
        for (var at = whole.IndexOf(typed, StringComparison.OrdinalIgnoreCase); at >= 0; at = at + 1 < whole.Length ? whole.IndexOf(typed, at + 1, StringComparison.OrdinalIgnoreCase) : -1)
        {
            if (at == 0 || !char.IsLetterOrDigit(whole[at - 1]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the place is within quotes, and where its term begins otherwise.</summary>
    private static bool InQuotes(string text, int at, out int begin)
    {
        var quoted = false;
        begin = 0;
        for (var i = 0; i < at; i++)
        {
            if (text[i] == '"' && (quoted || i == begin || text[i - 1] is ':' or '-'))
            {
                quoted = !quoted;
            }
            else if (!quoted && char.IsWhiteSpace(text[i]))
            {
                begin = i + 1;
            }
        }

        return quoted;
    }
}
