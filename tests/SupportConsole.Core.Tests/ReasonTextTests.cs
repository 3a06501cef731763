using SupportConsole.Core.ApiKeys;

namespace SupportConsole.Core.Tests;

public sealed class ReasonTextTests
{
    [Theory]
    [InlineData("\u200b")] // zero width space
    [InlineData("\u2800")] // empty Braille pattern
    [InlineData("\u3164")] // Hangul fillers
    [InlineData("\uffa0")]
    [InlineData("\u115f")]
    [InlineData("\u1160")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("_")]
    [InlineData("?!")]
    [InlineData("😀")]
    [InlineData("👩‍👩‍👧")]
    [InlineData("\u0301")] // combining marks
    [InlineData("\u20dd")]
    [InlineData("\u0903")]
    [InlineData("\u200f")] // marks of direction
    [InlineData("\u202e")]
    [InlineData("\u00ad")] // soft hyphen
    [InlineData("\u034f")] // grapheme joiner
    [InlineData("\ufe0f")] // variation selectors
    [InlineData("\U000e0101")]
    [InlineData("\U000e0041")] // a tag
    [InlineData("\u180b")]
    [InlineData("\u17b4")]
    [InlineData("\ue000")] // private use
    [InlineData("\ufffe")] // no character at all
    [InlineData("\U0001d159")] // null notehead
    [InlineData("\0")]
    [InlineData("\t\n")]
    [InlineData("\u00a0\u3000")]
    [InlineData("€%")]
    public void Signs_say_nothing_however_many(string sign)
    {
        var signs = string.Concat(Enumerable.Repeat(sign, 40));

        Assert.NotNull(ReasonText.FromString(signs).Against("say why"));
        Assert.NotNull(KeyPolicy.CheckReason(signs));
        Assert.NotNull(ReasonText.FromString($"123{signs}456{signs}789").Against("say why"));
    }

    [Theory]
    [InlineData('\ud800')]
    [InlineData('\udfff')]
    public void Half_a_character_says_nothing(char half) => Assert.NotNull(ReasonText.FromString(new string(half, 40)).Against("say why"));

    [Theory]
    [InlineData("123456789", false)]
    [InlineData("1234567890", true)]
    [InlineData("a.b.c.d.e.f.g.h.i.j", true)]
    [InlineData("Ticket 1234", true)]
    [InlineData("e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", false)]
    [InlineData("e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", true)]
    [InlineData("Черновик пропал", true)]
    [InlineData("الطلب مفقود اليوم", true)]
    [InlineData("٠١٢٣٤٥٦٧٨٩", true)]
    [InlineData("१२३४५६७८९०", true)]
    [InlineData("उपयोगकर्ता की पोस्ट नहीं दिखती", true)]
    [InlineData("𝒅𝒓𝒂𝒇𝒕 𝒎𝒊𝒔𝒔𝒆𝒅", true)]
    [InlineData("12345678\u200b90", true)]
    [InlineData("1234567890\ud800", true)]
    [InlineData("1234567890\ufffe", true)]
    public void Letters_and_digits_of_any_script_are_counted(string reason, bool enough) => Assert.Equal(enough, ReasonText.FromString(reason).Against("say why") is null);

    [Theory]
    [InlineData("草稿不見了", true)]
    [InlineData("草稿不見", false)]
    [InlineData("下書きがない", true)]
    [InlineData("글이 안 보임", true)]
    [InlineData("한한한한", false)]
    [InlineData("\u1112\u1161\u11ab\u1112\u1161\u11ab\u1112\u1161\u11ab\u1112\u1161\u11ab", false)] // the same, typed in parts
    public void A_character_that_is_a_word_or_syllable_counts_as_two(string reason, bool enough) =>
        Assert.Equal(enough, ReasonText.FromString(reason).Against("say why") is null);

    [Fact]
    public void The_length_has_an_end_and_is_judged_first()
    {
        Assert.Null(ReasonText.FromString(new string('x', ReasonText.MaxLength)).Against("say why"));
        Assert.Contains("too long", ReasonText.FromString(new string('x', ReasonText.MaxLength + 1)).Against("say why"), StringComparison.Ordinal);
        Assert.Contains("too long", ReasonText.FromString(new string('\u200b', 10 * 1024 * 1024)).Against("say why"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  Draft is missing\r\n", "Draft is missing")]
    [InlineData("Draft\nis missing", "Draft\nis missing")]
    [InlineData(" \t\u00a0\u3000", "")]
    public void Blanks_around_it_are_no_part_of_it(string typed, string text) => Assert.Equal(text, ReasonText.FromString(typed).Text);

    [Fact]
    public void What_is_too_long_is_kept_cut_and_refused_all_the_same()
    {
        var padded = ReasonText.FromString($" {new string('x', ReasonText.MaxLength)} ");
        var tooLong = ReasonText.FromString(new string('x', ReasonText.MaxLength + 1));

        Assert.Equal(padded.Text, tooLong.Text);
        Assert.Null(padded.Against("say why"));
        Assert.NotNull(tooLong.Against("say why"));
    }

    [Fact]
    public void The_sentence_says_what_is_counted_and_how_much()
    {
        Assert.Equal("The reason needs at least 3 letters or digits: say why.", ReasonText.FromString("ab").Against("say why", least: 3));
        Assert.Equal("Required, at least 10 letters or digits", ReasonText.Hint());
    }
}
