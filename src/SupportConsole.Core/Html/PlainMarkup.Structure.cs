namespace SupportConsole.Core.Html;

/// <summary>Which elements are open, and which ones another begins or ends unsaid.</summary>
public sealed partial class PlainMarkup
{
    private bool Open(string name, string? tag, string attributes)
    {
        if (tag is not null)
        {
            EnsureCell();
        }

        return Push(name, tag, attributes: attributes);
    }

    // An element of the line or block with nothing but text in it.
    private void Enclose(string name, string tag, string attributes, ReadOnlySpan<char> text, bool literal = false)
    {
        var opened = Open(name, tag, attributes);
        Write(text, literal);
        if (opened)
        {
            CloseFrom(_open.Count - 1);
        }
    }

    private bool Push(string name, string? tag, bool foreign = false, bool mute = false, string attributes = "")
    {
        // A table needs room for its rows and cells, which mean nothing elsewhere.
        var within = tag == "table" ? 4 : 0;
        if (_open.Count + within >= MaximumOpen)
        {
            return false;
        }

        var emitted = _words || (_mute == 0 && !Full && _depth + within < MaximumDepth) ? tag : null;
        var verbatim = tag == "pre" || name == "textarea" || attributes.StartsWith(Spaced, StringComparison.Ordinal);
        _open.Add(new Element(name, emitted, foreign, mute, verbatim));
        _counts[name] = _counts.GetValueOrDefault(name) + 1;
        _verbatim += verbatim ? 1 : 0;
        if (emitted is not null)
        {
            _depth++;
            WriteStart(emitted, attributes);
        }

        _mute += mute ? 1 : 0;
        return true;
    }

    private void CloseFrom(int index)
    {
        for (var last = _open.Count - 1; last >= index && last >= 0; last--)
        {
            var closed = _open[last];
            _open.RemoveAt(last);
            _counts[closed.Name]--;
            _mute -= closed.Mute ? 1 : 0;
            _verbatim -= closed.Verbatim ? 1 : 0;
            if (closed.Tag is not null)
            {
                _depth--;
                WriteEnd(closed.Tag);
            }

            if (closed.Foreign)
            {
                Space();
            }
        }
    }

    // The end tag's element, unless something stands between that the tag can't reach over: then nothing is closed.
    private int IndexToClose(string name)
    {
        var table = HtmlElements.TableParts.Contains(name);
        var heading = HtmlElements.Headings.Contains(name);
        var reaching = HtmlElements.ReachOverBlocks.Contains(name) || HtmlElements.Blocks.Contains(name) || table;
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            var open = _open[i].Name;
            if (open == name || (heading && HtmlElements.Headings.Contains(open)))
            {
                return i;
            }

            if (name == "template")
            {
                continue;
            }

            if (open is "table" or "template" || (!table && HtmlElements.Bounds.Contains(open)) || (!reaching && HtmlElements.Blocks.Contains(open)))
            {
                break;
            }
        }

        return _open.Count;
    }

    private void CloseParagraph()
    {
        if (_counts.GetValueOrDefault("p") > 0)
        {
            CloseLast("p", within: []);
        }
    }

    // Closes the innermost element of the name, if it stands within the innermost of those elements, and within its table's cell.
    private void CloseLast(string name, ReadOnlySpan<string> within)
    {
        if (_counts.GetValueOrDefault(name) == 0)
        {
            return;
        }

        for (var i = _open.Count - 1; i >= 0 && !HtmlElements.Bounds.Contains(_open[i].Name) && _open[i].Name != "table" && !within.Contains(_open[i].Name); i--)
        {
            if (_open[i].Name == name)
            {
                CloseFrom(i);
                return;
            }
        }
    }

    private void StartTablePart(string name, HtmlAttributes attributes)
    {
        if (name == "table")
        {
            CloseParagraph();
            if (Top is { } top && HtmlElements.TableParts.Contains(top.Name) && !HtmlElements.Bounds.Contains(top.Name))
            {
                CloseFrom(_open.FindLastIndex(element => element.Name == "table"));
            }

            Push(name, "table", attributes: AttributesOf(name, attributes));
            return;
        }

        // Outside of a table its parts mean nothing.
        if (_counts.GetValueOrDefault("table") == 0 || _counts.GetValueOrDefault("template") > 0 || name is "col" or "colgroup")
        {
            return;
        }

        var table = _open.FindLastIndex(element => element.Name == "table");
        var group = _open.FindIndex(table, element => element.Name is "tbody" or "thead" or "tfoot");
        var row = _open.FindIndex(table, element => element.Name == "tr");
        var parent = name switch
        {
            "td" or "th" when row >= 0 => row,
            "td" or "th" or "tr" when group >= 0 => group,
            _ => table,
        };
        CloseFrom(parent + 1);
        if (name is "td" or "th" && row < 0)
        {
            PushTablePart("tr", "");
        }

        PushTablePart(name, AttributesOf(name, attributes));
    }

    // A part whose table has no place has none either.
    private void PushTablePart(string name, string attributes) => Push(name, Top is { Tag: not null } ? name : null, attributes: attributes);

    // Words between rows would be moved out of the table by a parser; a cell of their own keeps them where they are.
    private void EnsureCell()
    {
        if (_words)
        {
            return;
        }

        if (Top is { Tag: not null, Name: "table" or "thead" or "tbody" or "tfoot" })
        {
            PushTablePart("tr", "");
        }

        if (Top is { Tag: not null, Name: "tr" })
        {
            PushTablePart("td", "");
        }
    }

    private void StartRuby(string name, HtmlAttributes attributes, ref HtmlReader reader)
    {
        var ruby = _counts.GetValueOrDefault("ruby") == 0 ? -1 : _open.FindLastIndex(element => element.Name == "ruby" || HtmlElements.Blocks.Contains(element.Name));
        if (ruby >= 0 && _open[ruby].Name == "ruby" && (name != "rt" || Top?.Name != "rtc"))
        {
            CloseFrom(ruby + 1);
        }

        var tag = ruby >= 0 && _open[ruby] is { Name: "ruby", Tag: not null } && name is "rt" or "rp" ? name : null;
        if (name != "rp")
        {
            Open(name, tag, AttributesOf(name, attributes));
            return;
        }

        // Browsers hide this one's brackets, and with them whatever else it holds: here nothing but brackets.
        var ahead = reader;
        if (tag is not null && ahead.Read(foreign: false) && ahead.Part == HtmlPart.Text && ahead.Text.Trim().Length == 1 && !char.IsLetterOrDigit(ahead.Text.Trim()[0]))
        {
            reader = ahead;
            Enclose(name, tag, "", reader.Text);
        }
    }
}
