using CsCheck;
using SupportConsole.Core;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Exporting;

/// <summary>No cell is a formula, for whatever reader, and each says what its text said.</summary>
public sealed class SpreadsheetTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Ada Lovelace", "Ada Lovelace")]
    [InlineData("a-b = c@d", "a-b = c@d")]
    [InlineData("C:\\users", "C:\\users")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t'=1")]
    [InlineData("\r\n=1", "'\r'\n'=1")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\u00a0=1", "'\u00a0=1")]
    [InlineData("＝1", "'＝1")]
    [InlineData("＋1;－2|＠3", "'＋1;'－2|'＠3")]
    [InlineData("a,=1", "a,'=1")]
    [InlineData("a;=1", "a;'=1")]
    [InlineData("a\"=1", "a\"'=1")]
    [InlineData("a\n@b", "a\n'@b")]
    [InlineData("'t Hooft", "''t Hooft")]
    [InlineData("nothing\0more\u001b[31m\u007f", "nothing\\u{0}more\\u{1b}[31m\\u{7f}")]
    [InlineData("\\u{0}", "\\u{5c}u{0}")]
    [InlineData("\u202eevil\u2066", "\u202eevil\u2066")]
    public void A_cell_is_its_text_with_care(string text, string cell)
    {
        Assert.Equal(cell, SpreadsheetText.Of(text));
        Assert.Equal(text, PlainCsv.Undone(cell));
    }

    [Fact]
    public void Whatever_is_written_can_be_read_back_and_begins_no_formula_behind_any_border() =>
        Gen.OneOf(new[] { "=", "+", "-", "@", "\t", "\r", "\n", "＝", "'", "\"", ",", ";", "|", " ", "\u3000", "\\", "\\u{", "}", "\0", "a", "1", "é", "😀" }).Array[0, 12].Select(string.Concat)
            .Sample(
                text =>
                {
                    var cell = SpreadsheetText.Of(text);
                    Assert.Equal(text, PlainCsv.Undone(cell));
                    foreach (var part in cell.Split(',', ';', '|', '\t', '\r', '\n', '"').Select(part => part.TrimStart()))
                    {
                        Assert.DoesNotContain(part.FirstOrDefault(), "=+-@＝＋－＠");
                    }
                },
                iter: 20_000);
}
