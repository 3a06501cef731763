namespace SupportConsole.Core.Tests;

public sealed class TextPatternTests
{
    [Theory]
    [InlineData("^[a-z0-9]+$", 15, 15, "u8k2m1c0a3l9x7q")]
    [InlineData("^[a-z0-9]+$", 15, 15, "christopher1990")]
    [InlineData("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", 36, 36, "0190a6e2-7c1b-7def-8a2b-1c2d3e4f5a6b")]
    [InlineData("^[A-Za-z0-9_-]{1,50}$", 1, 50, "usr_42")]
    [InlineData("", 1, 100, "日本-1")]
    [InlineData("^[a-z_0-9]+$", 0, 0, "a")]
    [InlineData("^[[:upper:][:digit:]]+$", 0, 0, "01HZX")]
    [InlineData("^[a-z-[aeiou]]$", 0, 0, "e]")]
    [InlineData("(?P<letters>[a-z]+", 0, 0, "can't be read, so anything")]
    public void A_text_of_the_pattern_fits(string pattern, int min, int max, string text) => Assert.True(TextPattern.Of(pattern, min, max).Fits(text));

    [Theory]
    [InlineData("^[a-z0-9]+$", 15, 15, "u8k2m1c0a3l9x7")]
    [InlineData("^[a-z0-9]+$", 15, 15, "U8K2M1C0A3L9X7Q")]
    [InlineData("^[a-z0-9]+$", 15, 15, "u8k2m1c0a3l9x7é")]
    [InlineData("", 0, 1, "日本")]
    public void Another_text_does_not(string pattern, int min, int max, string text) => Assert.False(TextPattern.Of(pattern, min, max).Fits(text));

    [Fact]
    public void Characters_are_counted_as_people_count_them() => Assert.True(TextPattern.Of("", 1, 1).Fits("😀"));

    [Fact]
    public void A_pattern_of_ill_will_ends() => Assert.False(TextPattern.Of("^(a+)+$", 0, 0).Fits(new string('a', 400) + "!"));
}
