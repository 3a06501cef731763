namespace SupportConsole.Core.Html;

/// <summary>The little of an element's own style that a reader would read: editors write numbering, line breaks and strikes so.</summary>
/// <param name="written">The value of a <c>style</c> attribute, as written.</param>
internal readonly ref struct InlineStyle(ReadOnlySpan<char> written)
{
    // As browsers draw them; the sign stands in the place of a list item's number.
    private static readonly string[] s_signs =
    [
        "none", "disc", "circle", "square", "decimal", "decimal-leading-zero", "lower-alpha", "lower-latin", "upper-alpha", "upper-latin", "lower-roman", "upper-roman",
        "lower-greek",
    ];

    private readonly ReadOnlySpan<char> _written = written;

    /// <summary>Whether spaces and line breaks stand as typed.</summary>
    public bool KeepsSpaces => Says("white-space", "pre") || Says("white-space", "pre-wrap") || Says("white-space", "pre-line")
        || Says("white-space", "break-spaces") || Says("white-space", "preserve");

    /// <summary>Whether the words are struck out.</summary>
    public bool Strikes => Says("text-decoration", "line-through");

    /// <summary>Whether bold is taken back, as in what is pasted from Google Docs.</summary>
    public bool TakesBoldBack => Says("font-weight", "normal") || Says("font-weight", "400");

    /// <summary>How the items of a list are numbered; null where it isn't said.</summary>
    public string? Sign
    {
        get
        {
            foreach (var sign in _written.IsEmpty ? [] : s_signs)
            {
                if (Says("list-style", sign))
                {
                    return sign;
                }
            }

            return null;
        }
    }

    // A property or one of those that it is short for ("list-style", "list-style-type").
    private bool Says(string property, string word)
    {
        foreach (var range in _written.Split(';'))
        {
            var declaration = _written[range];
            var colon = declaration.IndexOf(':');
            var name = colon < 0 ? default : declaration[..colon].Trim();
            if (!name.StartsWith(property, StringComparison.OrdinalIgnoreCase) || (name.Length > property.Length && name[property.Length] != '-'))
            {
                continue;
            }

            var value = declaration[(colon + 1)..];
            foreach (var part in value.SplitAny(' ', '!', '\t', '\n', '\r'))
            {
                if (value[part].Equals(word, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
