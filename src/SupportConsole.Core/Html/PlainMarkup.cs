using System.Text;

namespace SupportConsole.Core.Html;

/// <summary>
/// Makes simple markup of any markup: every word in its order, within the nearest harmless element, each element closed where it
/// belongs, none deeper than <see cref="MaximumDepth"/>. One pass, no tree, no repairs: HTML parsers repair misnested markup by
/// copying what is open, which costs the square of a hostile text's length (HTML standard, 13.2.4.3 and 13.2.6.4.7). What comes out
/// gives a parser nothing to repair. That it can't act is a sanitiser's to see to; this only makes it small, flat and complete.
/// </summary>
public sealed partial class PlainMarkup
{
    /// <summary>How deep elements may stand within one another; deeper ones leave their words.</summary>
    public const int MaximumDepth = 100;

    // As browsers: an element that would be the 513th doesn't open.
    private const int MaximumOpen = 512;

    private readonly StringBuilder _out = new();
    private readonly List<Element> _open = [];
    private readonly Dictionary<string, int> _counts = [];
    private readonly bool _words;
    private readonly int _maximumText;
    private readonly int _maximumCost;
    private int _mute;
    private int _verbatim;
    private int _depth;
    private int _cost;

    private PlainMarkup(bool words, int maximumText, int maximumCost) =>
        (_words, _maximumText, _maximumCost) = (words, maximumText, maximumCost);

    private bool TooCostly => _cost > _maximumCost;

    // References and attributes make markup longer than its text; a hostile text only of them is bounded too.
    private bool Full => _shown >= _maximumText || _out.Length >= 2L * _maximumText;

    private Element? Top => _open is [.., var top] ? top : null;

    /// <summary>The markup, simplified.</summary>
    /// <param name="source">Markup of any kind.</param>
    /// <param name="maximumText">How many characters of text it may have.</param>
    /// <param name="maximumCost">How many ordinary elements it may cost a browser.</param>
    public static PlainContent Simplify(string source, int maximumText, int maximumCost) =>
        new PlainMarkup(words: false, maximumText, maximumCost).Run(source);

    /// <summary>The markup's words alone, with line breaks where blocks begin and end.</summary>
    /// <param name="source">Markup of any kind.</param>
    /// <param name="maximumText">How many characters of text it may have.</param>
    public static PlainContent WordsOf(string source, int maximumText) =>
        new PlainMarkup(words: true, maximumText, int.MaxValue).Run(source);

    private PlainContent Run(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var reader = new HtmlReader(source);
        while (!TooCostly && reader.Read(Top?.Foreign ?? false))
        {
            switch (reader.Part)
            {
                case HtmlPart.Text:
                    Write(reader.Text, reader.Literal);
                    break;
                case HtmlPart.Start:
                    Start(ref reader);
                    break;
                default:
                    End(reader.Name);
                    break;
            }
        }

        CloseFrom(0);
        return new PlainContent(_out.ToString(), _shown, _leftOut, TooCostly);
    }

    private void Start(ref HtmlReader reader)
    {
        var name = reader.Name;
        var attributes = reader.Attributes;
        if (Top is { Foreign: true } && HtmlElements.EndsForeign.Contains(name))
        {
            CloseFrom(_open.FindLastIndex(element => !element.Foreign) + 1);
        }

        if (Top is { Foreign: true })
        {
            StartForeign(name, attributes);
        }
        else if (HtmlElements.RawUnseen.Contains(name))
        {
            if (name == "iframe")
            {
                WritePlaceholder("Embedded page", Host(attributes.Get("src")));
            }

            reader.TakeRaw(name);
        }
        else if (HtmlElements.RawSeen.Contains(name))
        {
            StartRaw(name, attributes, reader.TakeRaw(name));
        }
        else if (HtmlElements.Voids.Contains(name) || name == "image")
        {
            WriteVoid(name, attributes);
        }
        else
        {
            StartOrdinary(name, attributes, ref reader);
        }
    }

    private void StartOrdinary(string name, HtmlAttributes attributes, ref HtmlReader reader)
    {
        if (HtmlElements.TableParts.Contains(name))
        {
            StartTablePart(name, attributes);
            return;
        }

        if (HtmlElements.Blocks.Contains(name))
        {
            CloseParagraph();
        }

        switch (name)
        {
            case "html" or "head" or "body" or "frameset":
                break;
            case "svg" or "math":
                if (name == "svg")
                {
                    WritePlaceholder("Drawing", default);
                }

                if (!attributes.SelfClosing)
                {
                    Push(name, tag: null, foreign: true);
                }

                break;
            case "li":
                CloseLast("li", within: ["ul", "ol", "menu", "dir"]);
                Open(name, "li", AttributesOf(name, attributes));
                break;
            case "dt" or "dd":
                CloseLast("dt", within: ["dl"]);
                CloseLast("dd", within: ["dl"]);
                Open(name, name, AttributesOf(name, attributes));
                break;
            case "summary":
                Open(name, Top is { Tag: "details" } ? "summary" : "div", AttributesOf(name, attributes));
                break;
            case "rt" or "rp" or "rb" or "rtc":
                StartRuby(name, attributes, ref reader);
                break;
            case "object" or "video" or "audio" or "canvas":
                StartMedia(name, attributes, reader);
                break;
            case "oembed":
                // CKEditor's film of another site: nothing but an address until a script turns it into a frame.
                WritePlaceholder("Embedded page", Host(attributes.Get("url")));
                Push(name, tag: null);
                break;
            case "progress" or "meter":
                WriteMeasure(attributes);
                Push(name, tag: null);
                break;
            case "template":
                // Its content belongs to no page until a script says so.
                Push(name, tag: null, mute: true);
                break;
            case "select" or "button":
                Open(name, "span", " data-field");
                break;
            case "option" or "optgroup":
                CloseLast("option", within: ["select"]);
                if (name == "optgroup")
                {
                    CloseLast("optgroup", within: ["select"]);
                }

                Space();
                Open(name, "span", " data-option");
                Write(attributes.Get("label"));
                Space();
                break;
            default:
                if (HtmlElements.Headings.Contains(name) && Top is { } top && HtmlElements.Headings.Contains(top.Name))
                {
                    CloseFrom(_open.Count - 1);
                }

                OpenKept(name, attributes);
                break;
        }
    }

    // Whatever isn't known leaves its words; a language or direction of theirs stays, and so does where a link leads.
    private void OpenKept(string name, HtmlAttributes attributes)
    {
        var written = AttributesOf(name, attributes);
        var style = new InlineStyle(attributes.Get("style"));
        var tag = HtmlElements.Kept.GetValueOrDefault(name) switch
        {
            null or "span" when style.Strikes => "s",
            "b" or "strong" when style.TakesBoldBack => "span",
            var kept => kept ?? (written.Length > 0 ? "span" : null),
        };
        Open(name, tag, written);
    }

    private void StartForeign(string name, HtmlAttributes attributes)
    {
        if (attributes.SelfClosing)
        {
            return;
        }

        // Some elements of drawings and formulas hold ordinary ones (13.2.6, "HTML integration point", "MathML text integration point").
        var drawing = _open.FindLast(element => element.Name is "svg" or "math").Name == "svg";
        var home = drawing ? name is "foreignobject" or "desc" or "title"
            : name is "mi" or "mo" or "mn" or "ms" or "mtext" || (name == "annotation-xml" && attributes.Get("encoding") is "text/html" or "application/xhtml+xml");
        Push(name, tag: null, foreign: !home, mute: name is "style" or "script");
        Space();
    }

    private void StartRaw(string name, HtmlAttributes attributes, ReadOnlySpan<char> text)
    {
        if (name == "textarea")
        {
            // A line break right behind the tag is none (13.2.6.4.7).
            text = text.StartsWith("\r\n") ? text[2..] : text.StartsWith("\n") ? text[1..] : text;
            Enclose(name, "span", " data-field", text.IsWhiteSpace() ? attributes.Get("placeholder") : text);
            return;
        }

        CloseParagraph();
        Enclose(name, "pre", "", text, literal: true);
    }

    private void End(string name)
    {
        if (name == "br")
        {
            WriteVoid(name, default);
        }
        else if (_counts.GetValueOrDefault(name) > 0 || HtmlElements.Headings.Contains(name))
        {
            CloseFrom(IndexToClose(name));
        }
    }

    private readonly record struct Element(string Name, string? Tag, bool Foreign, bool Mute, bool Verbatim);
}
