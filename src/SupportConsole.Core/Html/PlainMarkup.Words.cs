using System.Globalization;
using System.Net;

namespace SupportConsole.Core.Html;

/// <summary>What is written.</summary>
public sealed partial class PlainMarkup
{
    // The longest name of a character reference in the standard's table has 32 characters.
    private const int LongestReference = 34;

    private int _shown;
    private long _leftOut;

    // Line breaks that words stand before: written with the next word, so that none trail.
    private int _breaks;
    private bool _spaced = true;
    private int _heavyInLine;

    // References stay as written; a literal text has none, only what looks like one.
    private void Write(ReadOnlySpan<char> text, bool literal = false)
    {
        if (_mute > 0 || text.IsEmpty)
        {
            return;
        }

        if (!text.IsWhiteSpace())
        {
            EnsureCell();
        }
        else if (Top is { Name: "table" or "thead" or "tbody" or "tfoot" or "tr" })
        {
            return;
        }

        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\0' || (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n'))
            {
                continue;
            }

            if (HtmlAttributes.IsSpace(c) && _verbatim == 0)
            {
                Space();
                continue;
            }

            var length = c == '&' && !literal ? ReferenceLength(text[i..]) : char.IsHighSurrogate(c) && i + 1 < text.Length ? 2 : 1;
            if (Full)
            {
                _leftOut++;
            }
            else
            {
                _shown++;
                CountHeavy(text.Slice(i, length));
                WriteBreaks();
                _spaced = HtmlAttributes.IsSpace(c);
                switch (c)
                {
                    case '<':
                        _out.Append("&lt;");
                        break;
                    case '>':
                        _out.Append("&gt;");
                        break;
                    case '&' when literal:
                        _out.Append("&amp;");
                        break;
                    default:
                        _out.Append(text.Slice(i, length));
                        break;
                }
            }

            i += length - 1;
        }
    }

    // Only lines that are drawn as such cost anything: bare words are cut where it is needed.
    private void CountHeavy(ReadOnlySpan<char> character)
    {
        if (!_words && DrawingCost.IsHeavy(character) && ++_heavyInLine > DrawingCost.HeavyLine)
        {
            _cost = int.MaxValue;
        }
    }

    private static int ReferenceLength(ReadOnlySpan<char> text)
    {
        var end = text[..Math.Min(text.Length, LongestReference)].IndexOf(';');
        return end > 0 && text[1..end].IndexOfAnyExcept(s_referenceCharacters) < 0 ? end + 1 : 1;
    }

    private static readonly System.Buffers.SearchValues<char> s_referenceCharacters =
        System.Buffers.SearchValues.Create("#0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // Spaces in a row are drawn as one.
    private void Space()
    {
        if (!_spaced && _breaks == 0 && _mute == 0 && !Full)
        {
            _out.Append(' ');
            _spaced = true;
        }
    }

    private void WriteBreaks()
    {
        if (_breaks > 0 && _out.Length > 0)
        {
            _out.Append('\n', _breaks);
        }

        _breaks = 0;
    }

    private void WriteStart(string tag, string attributes)
    {
        if (_words)
        {
            Break(tag);
            return;
        }

        AddCost(DrawingCost.OfElement(tag, attributes));
        BeginLine(tag);
        _out.Append('<').Append(tag).Append(attributes).Append('>');
        _spaced |= HtmlElements.Blocks.Contains(tag);
    }

    private void BeginLine(string tag) =>
        _heavyInLine = HtmlElements.Blocks.Contains(tag) || HtmlElements.TableParts.Contains(tag) ? 0 : _heavyInLine;

    private void AddCost(int cost) => _cost = (int)Math.Min(int.MaxValue, (long)_cost + cost);

    private void WriteEnd(string tag)
    {
        if (_words)
        {
            Break(tag);
            return;
        }

        BeginLine(tag);
        _out.Append("</").Append(tag).Append('>');
        _spaced |= HtmlElements.Blocks.Contains(tag);
    }

    private void Break(string tag)
    {
        if (tag is "td" or "th")
        {
            Space();
        }
        else if (HtmlElements.Blocks.Contains(tag) || HtmlElements.TableParts.Contains(tag))
        {
            _breaks = Math.Max(_breaks, tag is "p" or "table" or "blockquote" or "pre" || HtmlElements.Headings.Contains(tag) ? 2 : 1);
        }
    }

    private void WriteVoid(string name, HtmlAttributes attributes)
    {
        if (name == "hr")
        {
            CloseParagraph();
        }

        if (_mute > 0)
        {
            return;
        }

        switch (name)
        {
            case "br" or "hr":
                WriteBreak(name);
                break;
            case "wbr" when !_words && !Full:
                AddCost(1);
                _out.Append("<wbr>");
                break;
            case "img" or "image":
                WritePlaceholder("Image", FirstOf(attributes.Get("alt"), attributes.Get("title"), FileName(attributes.Get("src"))));
                break;
            case "embed":
                WritePlaceholder("Embedded file", FileName(attributes.Get("src")));
                break;
            case "input":
                WriteInput(attributes);
                break;
            default:
                break;
        }
    }

    private void WriteBreak(string name)
    {
        if (_words)
        {
            _breaks = Math.Min(_breaks + 1, 2);
        }
        else if (!Full)
        {
            EnsureCell();
            AddCost(1);
            _out.Append('<').Append(name).Append('>');
            _spaced = true;
        }
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Number(ReadOnlySpan<char> text, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? Math.Clamp(number, -most, most).ToString(CultureInfo.InvariantCulture)
            : "";
}
