using System.Globalization;
using System.Text;

namespace SupportConsole.Core.Tests;

public sealed class VisibleTextTests
{
    // Default_Ignorable_Code_Point of the Unicode Character Database, and what else is drawn as nothing.
    private static readonly (int First, int Last)[] Fillers =
    [
        (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
        (0x202A, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D159, 0x1D159), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
    ];

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\r\n\u00A0\u2003\u3000\u2028")]
    [InlineData("\0\u001F\u007F\u009F")]
    [InlineData("\u200B\u2060\uFEFF")]
    [InlineData("\u202E\u2067")]
    [InlineData("\u0301\u20DD")]
    public void Nothing_to_see_is_blank(string? text) => Assert.True(VisibleText.IsBlank(text));

    [Theory]
    [InlineData("a")]
    [InlineData("\u202Ea")]
    [InlineData("e\u0301")]
    [InlineData("漢")]
    [InlineData("😀")]
    [InlineData("..")]
    [InlineData("0")]
    [InlineData("\u0928\u093F")]
    [InlineData("👨\u200D👩")]
    public void Anything_to_see_is_not(string text) => Assert.False(VisibleText.IsBlank(text));

    [Fact]
    public void A_lone_surrogate_is_drawn_as_a_replacement() => Assert.False(VisibleText.IsBlank(new string((char)0xD800, 1)));

    [Fact]
    public void Each_filler_is_blank_alone_and_together() =>
        Assert.All(Fillers, range =>
        {
            for (var point = range.First; point <= range.Last; point++)
            {
                Assert.True(VisibleText.IsBlank(char.ConvertFromUtf32(point)), $"U+{point:X4}");
                Assert.False(VisibleText.IsBlank(char.ConvertFromUtf32(point) + "x"), $"U+{point:X4} x");
            }
        });

    [Fact]
    public void Whether_a_character_is_seen_is_its_categorys_matter_everywhere_else()
    {
        for (var point = 0; point <= 0x10FFFF; point++)
        {
            if (!Rune.IsValid(point) || Fillers.Any(range => point >= range.First && point <= range.Last))
            {
                continue;
            }

            var unseen = Rune.GetUnicodeCategory(new Rune(point)) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
            Assert.True(unseen == VisibleText.IsBlank(char.ConvertFromUtf32(point)), $"U+{point:X4}");
        }
    }

    [Theory]
    [InlineData("Ada Lovelace", "Ada Lovelace")]
    [InlineData("Müller, 张伟 😀", "Müller, 张伟 😀")]
    [InlineData("دانا", "\u2068دانا\u2069")]
    [InlineData("evil\u202Egpj", "\u2068evilgpj\u2069")]
    [InlineData("x\u2069y\u2066z", "\u2068xyz\u2069")]
    public void Only_a_text_that_turns_directions_is_isolated(string text, string isolated) => Assert.Equal(isolated, VisibleText.Isolate(text));
}
