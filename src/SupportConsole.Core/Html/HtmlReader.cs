namespace SupportConsole.Core.Html;

/// <summary>What a piece of markup is.</summary>
internal enum HtmlPart
{
    /// <summary>Words, with character references as written.</summary>
    Text,

    /// <summary>A start tag.</summary>
    Start,

    /// <summary>An end tag.</summary>
    End,
}

/// <summary>
/// Cuts markup into words and tags as browsers do (HTML standard, 13.2.5, "Tokenization"), in one pass that looks at each character
/// a bounded number of times. Comments, declarations and whatever else nobody sees are passed over.
/// </summary>
internal ref struct HtmlReader(string source)
{
    // A longer name is no element's; cutting it keeps hostile ones small.
    private const int LongestName = 40;

    private readonly string _source = source;
    private int _at;

    /// <summary>What was read last.</summary>
    public HtmlPart Part { get; private set; }

    /// <summary>The words of a text.</summary>
    public ReadOnlySpan<char> Text { get; private set; }

    /// <summary>Whether an ampersand in the text is just that.</summary>
    public bool Literal { get; private set; }

    /// <summary>The name of a tag, in small letters.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The attributes of a start tag.</summary>
    public HtmlAttributes Attributes { get; private set; }

    /// <summary>Reads the next piece.</summary>
    /// <param name="foreign">Whether the place is inside a drawing or formula, where CDATA sections are text.</param>
    public bool Read(bool foreign)
    {
        while (_at < _source.Length)
        {
            var next = _at + 1 < _source.Length ? _source[_at + 1] : '\0';
            if (_source[_at] != '<' || !(char.IsAsciiLetter(next) || next is '/' or '!' or '?'))
            {
                return TakeText(_at + 1);
            }

            if (char.IsAsciiLetter(next))
            {
                return TakeTag(HtmlPart.Start, _at + 1);
            }

            if (next == '/')
            {
                if (_at + 2 >= _source.Length)
                {
                    return TakeText(_source.Length);
                }

                if (char.IsAsciiLetter(_source[_at + 2]))
                {
                    return TakeTag(HtmlPart.End, _at + 2);
                }
            }

            if (foreign && Ahead(_at, "<![CDATA["))
            {
                var start = _at + "<![CDATA[".Length;
                var end = IndexOf("]]>", start);
                Text = _source.AsSpan(start..end);
                (Part, Literal, _at) = (HtmlPart.Text, true, Math.Min(end + 3, _source.Length));
                return true;
            }

            SkipUnseen();
        }

        return false;
    }

    /// <summary>
    /// The content of an element that holds nothing but text, up to and without its end tag, or to the end when it has none
    /// (13.2.5.2 to 13.2.5.5).
    /// </summary>
    public ReadOnlySpan<char> TakeRaw(string name)
    {
        var start = _at;
        var end = name == "plaintext" ? _source.Length : name == "script" ? EndOfScript() : EndOfRaw(name, _at);
        _at = end;
        return _source.AsSpan(start..end);
    }

    private bool TakeText(int from)
    {
        var end = from >= _source.Length ? -1 : _source.AsSpan(from).IndexOf('<');
        end = end < 0 ? _source.Length : from + end;
        Text = _source.AsSpan(_at..end);
        (Part, Literal, _at) = (HtmlPart.Text, false, end);
        return true;
    }

    // A tag that the end of the text cuts off is none, to browsers too.
    private bool TakeTag(HtmlPart part, int from)
    {
        var end = from;
        while (end < _source.Length && !HtmlAttributes.IsSpace(_source[end]) && _source[end] is not ('/' or '>'))
        {
            end++;
        }

        var name = _source.AsSpan(from..Math.Min(end, from + LongestName));
        var attributes = new HtmlAttributes(_source.AsSpan(end));
        var closed = attributes.TryFindEnd(out var length, out var selfClosing);
        _at = closed ? end + length : _source.Length;
        (Part, Name) = (part, Lower(name));
        Attributes = new HtmlAttributes(_source.AsSpan(end.._at)) { SelfClosing = selfClosing };
        return closed;
    }

    private void SkipUnseen()
    {
        if (!Ahead(_at, "<!--"))
        {
            _at = Math.Min(IndexOf(">", _at + 2) + 1, _source.Length);
            return;
        }

        var start = _at + 4;
        if (Ahead(start, ">") || Ahead(start, "->"))
        {
            _at = _source.IndexOf('>', start) + 1;
            return;
        }

        // "--!>" ends a comment too. Each dash pair is looked at once.
        for (var dash = IndexOf("--", start); dash < _source.Length; dash = IndexOf("--", dash + 1))
        {
            if (Ahead(dash + 2, ">") || Ahead(dash + 2, "!>"))
            {
                _at = _source.IndexOf('>', dash) + 1;
                return;
            }
        }

        _at = _source.Length;
    }

    private readonly int EndOfRaw(string name, int from)
    {
        for (var tag = IndexOf("</", from); tag < _source.Length; tag = IndexOf("</", tag + 2))
        {
            if (IsTag(tag + 2, name))
            {
                return tag;
            }
        }

        return _source.Length;
    }

    // Inside "<!--" a script may hold "<script>…</script>" without ending (13.2.5.27, "script data double escaped").
    private readonly int EndOfScript()
    {
        var (escaped, doubled) = (false, false);
        for (var at = _at; at < _source.Length; at++)
        {
            if (_source[at] == '-' && escaped && Ahead(at, "-->"))
            {
                (escaped, doubled) = (false, false);
            }
            else if (_source[at] != '<')
            {
                continue;
            }
            else if (Ahead(at, "<!--"))
            {
                // The dashes of "<!-->" end what they begin.
                escaped = true;
                at += 1;
            }
            else if (IsTag(at + 1, "script"))
            {
                doubled |= escaped;
            }
            else if (Ahead(at, "</") && IsTag(at + 2, "script"))
            {
                if (!doubled)
                {
                    return at;
                }

                doubled = false;
            }
        }

        return _source.Length;
    }

    private readonly bool IsTag(int at, string name) =>
        at + name.Length < _source.Length
        && _source.AsSpan(at, name.Length).Equals(name, StringComparison.OrdinalIgnoreCase)
        && (HtmlAttributes.IsSpace(_source[at + name.Length]) || _source[at + name.Length] is '/' or '>');

    private readonly bool Ahead(int at, string text) => at <= _source.Length && _source.AsSpan(at).StartsWith(text, StringComparison.Ordinal);

    private readonly int IndexOf(string text, int from)
    {
        var found = from >= _source.Length ? -1 : _source.IndexOf(text, from, StringComparison.Ordinal);
        return found < 0 ? _source.Length : found;
    }

    private static string Lower(ReadOnlySpan<char> name)
    {
        Span<char> lower = stackalloc char[LongestName];
        var length = System.Text.Ascii.ToLower(name, lower, out var written) == System.Buffers.OperationStatus.Done ? written : 0;
        return length > 0 ? new string(lower[..length]) : name.ToString();
    }
}
