using System.Text;

namespace SupportConsole.Tests.TestKit;

/// <summary>Bodies of a megabyte, each of which costs some parser or browser the square of its length, and honest ones as long.</summary>
internal static class HostileBodies
{
    private const int Length = 1_000_000;

    private static readonly string[] Formatting = ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["paragraphs and bold, counted up, 23 KB"] = string.Concat(Enumerable.Range(0, 1500).Select(i => $"<p><b lang={i}>")),
        ["paragraphs and bold, counted up"] = Fill(i => $"<p><b lang={i}>"),
        ["every formatting element"] = Fill(i => $"<p><{Formatting[i % Formatting.Length]} title={i}>x"),
        ["bold closed over nine blocks"] = Fill(i => $"<b lang={i}>{Repeat("<div>", 9)}</b>{Repeat("</div>", 9)}x"),
        ["bold closed in the wrong order"] = Fill(i => $"<b><i><u><div></b></i></u>x"),
        ["nested links"] = Fill(i => $"<a href=https://x.example/{i}>x"),
        ["links with long addresses"] = Fill(i => $"<a href='https://x.example/{new string('&', 900)}{i}'>x</a>"),
        ["nested blocks"] = Fill(_ => "<div>"),
        ["nested lines"] = Fill(_ => "<span>"),
        ["nested unknown elements"] = Fill(i => $"<x-{i}>a"),
        ["nested lists"] = Fill(_ => "<ul><li>"),
        ["list items"] = Fill(_ => "<li>x"),
        ["attributes of one element"] = $"<p {Fill(i => $"a{i}=1 ")}>x",
        ["attributes spread"] = Fill(i => $"<p {string.Concat(Enumerable.Range(0, 50).Select(n => $"a{n}=1 "))}>x"),
        ["one attribute, again and again"] = $"<p {Fill(_ => "dir=ltr ")}>x",
        ["a long attribute"] = $"<p title='{new string('x', Length)}'>x",
        ["ampersands"] = Fill(_ => "&amp;"),
        ["numeric references"] = Fill(_ => "&#0000065;"),
        ["references without an end"] = Fill(_ => "&notit"),
        ["bare ampersands"] = new string('&', Length),
        ["tables in tables"] = Fill(_ => "<table>"),
        ["tables in cells"] = Fill(_ => "<table><tr><td>"),
        ["words between rows"] = $"<table>{Fill(_ => "x<tr>")}",
        ["elements between rows"] = $"<table>{Fill(_ => "<b>x<tr>")}",
        ["end tags of nothing"] = Fill(_ => "x</z>"),
        ["selects"] = Fill(_ => "<select><option>x"),
        ["less-than signs"] = new string('<', Length),
        ["comments not ended"] = Fill(_ => "<!--"),
        ["comments"] = Fill(_ => "x<!---->"),
        ["ends not ended"] = Fill(_ => "</"),
        ["drawings"] = Fill(_ => "<svg>"),
        ["drawings with text"] = Fill(_ => "<svg><foreignObject><p>x"),
        ["formulas"] = Fill(_ => "<math><mi>x"),
        ["templates"] = Fill(_ => "<template>"),
        ["scripts not ended"] = Fill(_ => "<script><!--<script>"),
        ["raw text not ended"] = Fill(_ => "<title></titl"),
        ["zero characters"] = new string('\0', Length),
        ["no tag at all"] = new string('x', Length),
        ["spaces"] = new string(' ', Length),
        ["line breaks"] = Fill(_ => "<br>"),
        ["places to break a line"] = Fill(_ => "<wbr>"),
        ["words with places to break"] = Fill(_ => "x<wbr>"),
        ["items with numbers"] = $"<ol reversed>{Fill(_ => "<li value=9>x")}",
        ["quotations"] = Fill(_ => "<q>x</q>"),
        ["one row of wide cells"] = $"<table>{Fill(_ => "<td colspan=100 rowspan=1000>x")}",
        ["rows of high cells"] = $"<table>{Fill(_ => "<tr><td colspan=100 rowspan=1000>x")}",
        ["one row of cells"] = $"<table>{Fill(_ => "<td>x")}",
        ["details in details"] = Fill(_ => "<details>x"),
        ["letters of two directions"] = Fill(_ => "aא"),
        ["brackets of two directions"] = Fill(_ => "(א[a"),
        ["directions turned over"] = Fill(_ => "\u202Ea"),
        ["Thai without spaces"] = Fill(_ => "สวัสดี"),
        ["Khmer without spaces"] = Fill(_ => "ក្"),
        ["long Arabic signs"] = Fill(_ => "ﷺ"),
        ["marks upon a letter"] = $"Z{Fill(_ => "\u0301\u0327\u0489")}",
        ["half surrogate pairs"] = Fill(_ => "\ud800"),
        ["emoji of families"] = Fill(_ => "👨\u200D👩\u200D👧"),
        ["styles"] = Fill(_ => "<p style='white-space:pre;list-style:x;text-decoration:none'>x"),
        ["a long style"] = $"<p style='{Fill(_ => "a:b;")}'>x",
        ["buttons in paragraphs"] = Fill(_ => "<p><button>x"),
        ["ruby"] = Fill(_ => "<ruby>x<rt>y"),
        ["headings"] = Fill(_ => "<h1>x"),
        ["pictures in the text itself"] = $"<p>Before<img src='data:image/png;base64,{new string('A', Length)}'><p>After",
        ["media with sources"] = Fill(i => $"<video><source src=clip{i}.mp4></video>"),
        ["a link's address with a bracket each"] = Fill(_ => "<a href='\"<>'>x</a>"),
        ["short paragraphs, honest"] = Fill(i => $"<p>Paragraph number {i} of a long story.</p>\n"),
        ["long paragraphs, honest"] = Fill(i => $"<p>{Repeat("A sentence with a <b>bold</b> word and <a href=\"https://example.com/\">a link</a> in it. ", 5)}</p>\n"),
    };

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Fill(Func<int, string> piece)
    {
        var filled = new StringBuilder(Length + 1000);
        for (var i = 0; filled.Length < Length; i++)
        {
            filled.Append(piece(i));
        }

        return filled.ToString();
    }
}
