using System.Globalization;
using System.Text;
using CsCheck;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// Documents that nobody would write: any elements, misnested, not closed, closed twice, with attributes, references, comments and
/// raw text. Their words are <c>w1q</c>, <c>w2q</c> and so on, each once in a document, so that two in a row are still told apart.
/// </summary>
internal sealed class RandomMarkup(uint seed)
{
    private static readonly string[] Elements = (
        "a abbr acronym address article aside audio b bdi bdo big blockquote body button canvas caption center cite code col colgroup data datalist dd del details "
        + "dfn dialog dir div dl dt em fieldset figcaption figure font footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup html i iframe ins kbd "
        + "label legend li listing main map mark marquee menu meter nav nobr noembed noframes noscript object ol optgroup option output p picture pre progress q "
        + "rb rp rt rtc ruby s samp search section select slot small span strike strong style sub summary sup svg table tbody td template textarea tfoot th "
        + "thead time title tr tt u ul var video xmp math mi mn mo mtext mfrac annotation-xml foreignObject desc g text my-widget x y-z blink script "
        + "p p p div div span b i a table tr td ul li").Split(' ');

    private static readonly string[] Voids = "area base br br br embed frame hr img input keygen link meta param source track wbr image".Split(' ');

    private static readonly string[] Attributes =
    [
        "", "", "", " class=x", " title='a > b'", " dir=rtl", " lang=de", " href=\"https://elsewhere.example/\"", " style='color:red'", " open",
        " alt=\"x\"", " onclick=\"window.ran=1\"", " a=1 b=2 a=3", " =", " \"", " /", " colspan=3", " value=v", " type=checkbox", " type=hidden", " data-x='<p>'",
    ];

    private static readonly string[] Oddities =
    [
        "<!-- a comment > -->", "<!-->", "<!--->", "<!-- open --!>", "<![CDATA[ x ]]>", "<?php x ?>", "<!doctype html>", "</>", "</ p>", "<", "< p>", "&", "&amp;", "&lt;b&gt;",
        "&nbsp;", "&copy", "&#60;", "&#x0;", "&notanentity;", "\0", "\r\n", "<p", "<1>", "]]>", "-->", "<!---->",
    ];

    private readonly PCG _dice = new(1, seed);
    private readonly StringBuilder _written = new();
    private int _word;

    public static string Of(uint seed)
    {
        var markup = new RandomMarkup(seed);
        markup.Content(depth: 0, pieces: 6 + markup.Below(10));
        return markup._written.ToString();
    }

    private void Content(int depth, int pieces)
    {
        for (var piece = 0; piece < pieces; piece++)
        {
            switch (Below(12))
            {
                case < 5:
                    _written.Append(CultureInfo.InvariantCulture, $" w{++_word}q ");
                    break;
                case < 9 when depth < 8:
                    Element(depth);
                    break;
                case 9:
                    _written.Append('<').Append(Pick(Voids)).Append(Pick(Attributes)).Append('>');
                    break;
                case 10:
                    _written.Append(Pick(Oddities)).Append(' ');
                    break;
                default:
                    _written.Append("</").Append(Pick(Elements)).Append('>');
                    break;
            }
        }
    }

    private void Element(int depth)
    {
        var name = Pick(Elements);
        _written.Append('<').Append(Below(8) == 0 ? name.ToUpperInvariant() : name).Append(Pick(Attributes)).Append(Pick(Attributes)).Append(Below(30) == 0 ? "/>" : ">");
        Content(depth + 1, Below(5));
        if (Below(8) > 0)
        {
            _written.Append("</").Append(name).Append('>');
        }
    }

    private int Below(int limit) => (int)_dice.Next((uint)limit);

    private string Pick(string[] from) => from[Below(from.Length)];
}
