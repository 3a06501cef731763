using SupportConsole.Core.Html;
using SupportConsole.Features.ViewAs.Bodies;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>What becomes of a stored body, kind by kind. That browsers draw it so is tested in one.</summary>
public sealed class ShownBodyTests
{
    [Theory]
    [InlineData("<font color=\"red\">My whole post</font>", "My whole post")]
    [InlineData("<figure><img src=\"x.png\" alt=\"Invoice\"><figcaption>Total: 120 EUR</figcaption></figure>",
        "<figure><span data-image=\"\">Image, not loaded: Invoice</span><figcaption>Total: 120 EUR</figcaption></figure>")]
    [InlineData("<p>Price <del>100</del> <ins>80</ins></p>", "<p>Price <del>100</del> <ins>80</ins></p>")]
    [InlineData("<section><h2>Part</h2><p>Text</p></section>", "<div><h3>Part</h3><p>Text</p></div>")]
    [InlineData("<h1>Top</h1><h4>Low</h4>", "<h3>Top</h3><h4>Low</h4>")]
    [InlineData("<details><summary>Steps</summary>1. Open it</details>", "<details open=\"\"><summary>Steps</summary>1. Open it</details>")]
    [InlineData("Press <kbd>Ctrl</kbd>, <abbr title=\"World Wide Web\">WWW</abbr>, <q>quoted</q>",
        "Press <kbd>Ctrl</kbd>, <abbr title=\"World Wide Web\">WWW</abbr>, <q>quoted</q>")]
    [InlineData("<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>", "<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>")]
    [InlineData("<ul><li><label><input type=checkbox checked> Done</label><li><input type=\"checkbox\"><label>Open</label></ul>",
        "<ul><li>☑ Done</li><li>☐ Open</li></ul>")]
    [InlineData("<p>a</p><video src=\"https://cdn.example/clip%20one.mp4?x=1\">Old browser</video><iframe src='https://maps.example/embed'></iframe><p>b</p>",
        "<p>a</p><span data-image=\"\">Video, not loaded: clip one.mp4</span>Old browser<span data-image=\"\">Embedded page, not loaded: maps.example</span><p>b</p>")]
    [InlineData("<video controls><source src=\"talk.webm\"><source src=\"talk.mp4\"></video><audio></audio>",
        "<span data-image=\"\">Video, not loaded: talk.webm</span><span data-image=\"\">Sound, not loaded</span>")]
    [InlineData("<picture><source srcset=\"a.webp\"><img src=\"/files/photo.jpg?token=x\"></picture>", "<span data-image=\"\">Image, not loaded: photo.jpg</span>")]
    [InlineData("<object data=x.swf>Use <b>this</b></object><embed src=y.pdf>",
        "<span data-image=\"\">Embedded file, not loaded: x.swf</span>Use <b>this</b><span data-image=\"\">Embedded file, not loaded: y.pdf</span>")]
    [InlineData("<my-widget>words <other-thing lang=\"fr\">mots</other-thing></my-widget><marquee>m</marquee><center>c</center><tt>t</tt>",
        "words <span lang=\"fr\">mots</span>m<div>c</div><code>t</code>")]
    [InlineData("<form action=/x><fieldset><legend>Who</legend><button formaction=/y>Send</button><select><option>One<option selected>Two</select><textarea>a &lt; b</textarea><input value=typed><input placeholder=hint><input type=hidden value=secret></fieldset></form>",
        "<div><div><div>Who</div><span data-field=\"\">Send</span><span data-field=\"\"> <span data-option=\"\">One</span> <span data-option=\"\">Two</span></span><span data-field=\"\">a &lt; b</span><span data-field=\"\">typed</span><span data-field=\"\">hint</span></div></div>")]
    [InlineData("<svg><title>Chart</title><text>Axis</text><style>p{}</style><script>x()</script></svg>after", "<span data-image=\"\">Drawing, not loaded</span> Chart Axis after")]
    [InlineData("<math><mi>x</mi><mo>=</mo><mn>1</mn></math> holds", "x = 1 holds")]
    [InlineData("<noscript><p>Without scripts</p></noscript><template><p>never</p></template><script>s</script><style>s</style><title>t</title>", "<p>Without scripts</p>")]
    [InlineData("a<!-- hidden -->b<![CDATA[c]]>d<?e?>f", "abdf")]
    [InlineData("a<xmp><b>x</b></xmp>b<noembed>no</noembed><listing>l</listing><plaintext><p>all", "a<pre>&lt;b&gt;x&lt;/b&gt;</pre>b<pre>l</pre><pre>&lt;p&gt;all</pre>")]
    [InlineData("a\0b</p></div></x>c<b", "abc")]
    [InlineData("1 < 2 & 3 > 2 &copy; &lt;b&gt; </ x>", "1 &lt; 2 &amp; 3 &gt; 2 © &lt;b&gt;")]
    [InlineData("<table>stray<tr><td>1<td>2<tr><th colspan=2 rowspan=9999999>3</table><td>outside",
        "<table><tbody><tr><td>stray</td></tr><tr><td>1</td><td>2</td></tr><tr><th colspan=\"2\" rowspan=\"1000\">3</th></tr></tbody></table>outside")]
    [InlineData("<ol start=3 reversed type=a><li value=7>x</ol><dl><dt>t<dd>d<dt>u</dl>",
        "<ol start=\"3\" reversed=\"\" type=\"a\"><li value=\"7\">x</li></ol><dl><dt>t</dt><dd>d</dd><dt>u</dt></dl>")]
    [InlineData("<p dir=rtl lang=ar onclick=x() style=color:red class=c id=i>مرحبا</p>", "<p dir=\"rtl\" lang=\"ar\">مرحبا</p>")]
    [InlineData("<a href=\"javascript:alert(1)\" onclick=x>go</a> <a name=x>anchor</a>", "<span data-href=\"\" title=\"Link to javascript:alert(1)\">go</span> anchor")]
    [InlineData("<ol style=\"list-style-type: lower-alpha;\"><li>x</ol><ul style='LIST-STYLE:none'><li style=list-style-type:upper-roman>y</ul><ol style='list-style-type:url(x)'><li type=a>z</ol>",
        "<ol data-list=\"lower-alpha\"><li>x</li></ol><ul data-list=\"none\"><li data-list=\"upper-roman\">y</li></ul><ol><li type=\"a\">z</li></ol>")]
    [InlineData("<ol><li data-list=bullet>a<li data-list=checked>b</ol><ul data-checked=false><li>c</ul><ul class=tox-checklist><li class=tox-checklist--checked>d</ul>",
        "<ol><li data-list=\"disc\">a</li><li data-list=\"checked\">b</li></ol><ul data-list=\"unchecked\"><li>c</li></ul><ul data-list=\"unchecked\"><li data-list=\"checked\">d</li></ul>")]
    [InlineData("<ul data-type=taskList><li data-checked=true data-type=taskItem><label><input type=checkbox checked><span></span></label><div>x</div></ul>",
        "<ul><li>☑ <span></span><div>x</div></li></ul>")]
    [InlineData("<p style='color:red; white-space:pre-wrap'>a  b\nc</p><p style=white-space:nowrap>a  b</p>", "<p data-spaced=\"\">a  b\nc</p><p>a b</p>")]
    [InlineData("<b style=\"font-weight:normal;\"><span style=\"text-decoration: line-through\">old</span></b> <b style=color:red>new</b>", "<span><s>old</s></span> <b>new</b>")]
    [InlineData("<figure class=media><oembed url=\"https://video.example/watch?v=1\"></oembed></figure>after", "<figure><span data-image=\"\">Embedded page, not loaded: video.example</span></figure>after")]
    [InlineData("<progress value=30 max=100></progress><meter value=0.5>half</meter><progress></progress>", "<span data-field=\"\">30 of 100</span> <span data-field=\"\">0.5 of 1</span> half")]
    [InlineData("<textarea>\nfirst</textarea>", "<span data-field=\"\">first</span>")]
    public void Every_word_stays_within_the_nearest_harmless_element(string stored, string shown) =>
        Assert.Equal(shown, Formatted(stored).Trim());

    [Theory]
    [InlineData("<p>Intro</p><img src=\"data:image/png;base64,{0}\"><p>Question</p>")]
    [InlineData("<p>Intro</p><img alt='' srcset=\"data:image/png;base64,{0} 2x\"><p>Question</p>")]
    [InlineData("<p>Intro</p><div style=\"background:url(data:image/png;base64,{0})\"></div><p>Question</p>")]
    [InlineData("<p>Intro</p><a href=\"data:text/plain,{0}\">file</a><p>Question</p>")]
    [InlineData("<p>Intro</p><style>p {{ background: url(data:image/png;base64,{0}) }}</style><p>Question</p>")]
    public void Files_in_the_text_itself_take_no_room(string stored)
    {
        var body = ShownBody.Of("editor", string.Format(System.Globalization.CultureInfo.InvariantCulture, stored, new string('A', 3_000_000)));

        var formatted = Assert.IsType<ShownBody.Formatted>(body);
        Assert.Contains("<p>Intro</p>", formatted.Markup.Value, StringComparison.Ordinal);
        Assert.Contains("<p>Question</p>", formatted.Markup.Value, StringComparison.Ordinal);
        Assert.Null(body.Note);
        Assert.InRange(formatted.Markup.Value.Length, 1, 300);
    }

    [Theory]
    [InlineData("text", "My List<String> doesn't compile. Please help.")]
    [InlineData("text", "Sign up <Oct 20th\n\n* one\r\n* **two** &amp; `three`\n\t    <b>four</b>")]
    [InlineData("url", "https://example.com/<x>")]
    [InlineData("select", "a, b")]
    [InlineData("a type of tomorrow", "<p>x</p>")]
    public void Whatever_is_no_markup_is_shown_as_typed(string type, string stored)
    {
        var body = ShownBody.Of(type, stored);

        Assert.Equal(new ShownBody.Typed(stored, Note: null), body);
    }

    [Fact]
    public void A_file_in_a_text_is_told_by_its_length()
    {
        var body = ShownBody.Of("text", $"Intro ![x](data:image/png;base64,{new string('A', 300_000)}) Question data: no, data:,short");

        Assert.Equal(
            new ShownBody.Typed("Intro ![x](data:image/png;base64,… (300,000 characters of a file, not shown)) Question data: no, data:,short", Note: null),
            body);
    }

    [Theory]
    [InlineData("editor", "")]
    [InlineData("editor", "<p>&nbsp;</p><p>\u200B</p>")]
    [InlineData("text", " \n\u3164")]
    [InlineData("json", "")]
    public void Nothing_to_see_is_said_to_be_nothing(string type, string stored) => Assert.IsType<ShownBody.Nothing>(ShownBody.Of(type, stored));

    [Fact]
    public void A_long_article_is_formatted_whole()
    {
        var stored = string.Concat(Enumerable.Range(0, 1600).Select(i => $"<p>Paragraph <b>{i}</b> of a story that goes on and on, with <i>many</i> words in each of them.</p>"));

        var body = Assert.IsType<ShownBody.Formatted>(ShownBody.Of("editor", stored));

        Assert.Equal(stored, body.Markup.Value);
        Assert.Null(body.Note);
    }

    [Fact]
    public void What_is_left_out_of_a_long_body_is_counted()
    {
        var body = Assert.IsType<ShownBody.Formatted>(ShownBody.Of("editor", $"<p>{new string('x', 499_999)}😀{new string('&', 30)}&amp;&amp;</p>"));

        Assert.EndsWith("x😀</p>", body.Markup.Value, StringComparison.Ordinal);
        Assert.Contains("The first 500,000 characters are shown; 32 more are left out.", body.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_elements_are_shown_as_their_words()
    {
        var body = Assert.IsType<ShownBody.Typed>(ShownBody.Of("editor", string.Concat(Enumerable.Range(0, 15_000).Select(i => $"<p>w{i} &eacute;<br>&lt;<b>x<i>y</b><img alt=z></p>"))));

        Assert.StartsWith("w0 é\n<xy\nImage, not loaded: z\n\nw1 é\n", body.Text, StringComparison.Ordinal);
        Assert.Contains("w14999", body.Text, StringComparison.Ordinal);
        Assert.Contains("a browser would take too long", body.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q", 1000, true)]
    [InlineData("q", 3000, false)]
    [InlineData("li value=1", 500, true)]
    [InlineData("li value=1", 3000, false)]
    [InlineData("td colspan=3 rowspan=2", 5000, true)]
    [InlineData("td colspan=100 rowspan=1000", 50, false)]
    public void What_a_browser_takes_long_for_counts_for_more(string tag, int times, bool formatted)
    {
        var stored = $"<table><tr><td>{(tag[0] == 't' ? "" : "<ol>")}{string.Concat(Enumerable.Range(0, times).Select(i => $"<{tag}>w{i}</{tag.Split(' ')[0]}>"))}";

        var body = ShownBody.Of("editor", stored);

        Assert.Equal(formatted, body is ShownBody.Formatted);
        Assert.Contains($"w{times - 1}", body is ShownBody.Typed typed ? typed.Text : ((ShownBody.Formatted)body).Markup.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("א", 3000, true)]
    [InlineData("א", 12_000, false)]
    [InlineData("&#x5D0;", 12_000, false)]
    [InlineData("&#1488;", 12_000, false)]
    [InlineData("e\u0301", 12_000, false)]
    [InlineData("é", 50_000, true)]
    [InlineData("&#233;", 50_000, true)]
    [InlineData("漢", 50_000, true)]
    [InlineData("😀", 50_000, true)]
    [InlineData("<p>א</p>", 12_000, true)]
    public void A_line_that_a_browser_takes_long_for_is_shown_as_its_words(string piece, int times, bool formatted) =>
        Assert.Equal(formatted, ShownBody.Of("editor", $"<p>{string.Concat(Enumerable.Repeat(piece, times))}</p>") is ShownBody.Formatted);

    [Theory]
    [InlineData("", 1)]
    [InlineData("one\ntwo\n", 1)]
    [InlineData("{0}\n{0}\n{1}", 3)]
    [InlineData("\n{1}\n", 3)]
    [InlineData("{1}{1}", 1)]
    public void A_text_is_drawn_in_parts_of_whole_lines(string form, int parts)
    {
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, new string('x', 1500), new string('y', 4000));

        string[] drawn = [.. DrawingCost.PartsOf(text)];

        Assert.Equal((parts, text), (drawn.Length, string.Join('\n', drawn)));
    }

    [Fact]
    public void Only_a_line_beyond_all_measure_is_broken()
    {
        string[] drawn = [.. DrawingCost.PartsOf($"{new string('x', 9_000)} {new string('y', 9_999)}😀{new string('z', 5)}\n")];

        Assert.Equal([$"{new string('x', 9_000)} ", new string('y', 9_999), "😀zzzzz\n"], drawn);
    }

    [Fact]
    public void Json_is_indented_and_readable()
    {
        var body = Assert.IsType<ShownBody.Json>(ShownBody.Of("json", """{"time":1.50e3,"blocks":[{"text":"Gr\u00fc\u00dfe \u003cb\u003e & <i>","big":12345678901234567890}],"none":[]}"""));

        Assert.Equal(
            """
            {
              "time": 1.50e3,
              "blocks": [
                {
                  "text": "Grüße <b> & <i>",
                  "big": 12345678901234567890
                }
              ],
              "none": []
            }
            """, body.Text);
        Assert.Equal("JSON, 10 lines", body.Name);
    }

    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("{\"a\":", "{\"a\":")]
    [InlineData("{\"a\":\"\\ud800\"}", "{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}", "{\"\\ud800\":1}")]
    public void What_is_no_json_is_shown_as_stored(string stored, string shown) =>
        Assert.Equal(new ShownBody.Json(shown, "JSON, 1 line", Note: null), ShownBody.Of("json", stored));

    [Fact]
    public void Deep_and_long_json_is_bounded()
    {
        var deep = Assert.IsType<ShownBody.Json>(ShownBody.Of("json", new string('[', 400_000) + new string(']', 400_000)));
        var wide = Assert.IsType<ShownBody.Json>(ShownBody.Of("json", $"{new string('[', 60)}{string.Join(',', Enumerable.Repeat(1, 400_000))}{new string(']', 60)}"));

        Assert.Equal((500_000, 500_000), (deep.Text.Length, wide.Text.Length));
        Assert.All([deep.Note, wide.Note], note => Assert.Contains("too long to show whole", note, StringComparison.Ordinal));
    }

    private static string Formatted(string stored) => Assert.IsType<ShownBody.Formatted>(ShownBody.Of("editor", stored)).Markup.Value;
}
