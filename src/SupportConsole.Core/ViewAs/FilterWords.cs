namespace SupportConsole.Core.ViewAs;

/// <summary>The words of a filter or rule in PocketBase's language: its names and operators, without texts, numbers, comments and the names of functions.</summary>
internal static class FilterWords
{
    /// <summary>Finds them in their order.</summary>
    public static IEnumerable<FilterWord> Of(string filter)
    {
        for (var i = 0; i < filter.Length;)
        {
            var c = filter[i];
            if (c is '"' or '\'')
            {
                i = AfterText(filter, i);
            }
            else if (c == '/' && i + 1 < filter.Length && filter[i + 1] == '/')
            {
                i = filter.IndexOf('\n', i) is >= 0 and var end ? end + 1 : filter.Length;
            }
            else if (IsOfName(c))
            {
                var start = i;
                while (i < filter.Length && (IsOfName(filter[i]) || filter[i] is '.' or ':'))
                {
                    i++;
                }

                var isFunction = filter.AsSpan(i).TrimStart() is ['(', ..];
                if (!char.IsAsciiDigit(c))
                {
                    yield return new FilterWord(isFunction ? FilterWordKind.Function : FilterWordKind.Name, filter[start..i], start);
                }
            }
            else if (IsOfOperator(c))
            {
                var start = i;
                while (i < filter.Length && IsOfOperator(filter[i]))
                {
                    i++;
                }

                yield return new FilterWord(FilterWordKind.Operator, filter[start..i], start);
            }
            else
            {
                i++;
            }
        }
    }

    private static int AfterText(string filter, int start)
    {
        for (var i = start + 1; i < filter.Length; i++)
        {
            if (filter[i] == '\\')
            {
                i++;
            }
            else if (filter[i] == filter[start])
            {
                return i + 1;
            }
        }

        return filter.Length;
    }

    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '_' or '@' or '#';

    private static bool IsOfOperator(char c) => c is '=' or '!' or '<' or '>' or '~' or '&' or '|' or '?';
}

/// <summary>What a word is.</summary>
internal enum FilterWordKind
{
    /// <summary>A field, a macro or a constant.</summary>
    Name,

    /// <summary>What a bracket follows.</summary>
    Function,

    /// <summary>What compares or joins.</summary>
    Operator,
}

/// <summary>One word.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As written.</param>
/// <param name="At">Where it begins.</param>
internal readonly record struct FilterWord(FilterWordKind Kind, string Text, int At);
