using SupportConsole.Core.Users;

namespace SupportConsole.Core.Tests.Users;

public sealed class IdPatternTests
{
    [Theory]
    [InlineData("u8k2m1c0a3l9x7q", true)]
    [InlineData("christopher1990", true)]
    [InlineData("u8k2m1c0a3l9x7", false)]
    [InlineData("U8K2M1C0A3L9X7Q", false)]
    [InlineData("u8k2m1c0a3l9x7é", false)]
    public void Ids_are_pocketbases_own_where_an_app_says_nothing(string id, bool fits) => Assert.Equal(fits, IdPattern.Default.Fits(id));

    [Theory]
    [InlineData("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", 36, 36, "0190a6e2-7c1b-7def-8a2b-1c2d3e4f5a6b")]
    [InlineData("^[A-Za-z0-9_-]{1,50}$", 1, 50, "usr_42")]
    [InlineData("", 1, 100, "日本-1")]
    [InlineData("^[a-z_0-9]+$", 0, 0, "a")]
    [InlineData("(?P<letters>[a-z]+", 0, 0, "not-readable-so-anything")]
    public void An_apps_own_pattern_counts(string pattern, int min, int max, string id) => Assert.True(IdPattern.Of(pattern, min, max).Fits(id));

    [Theory]
    [InlineData("", "a/b")]
    [InlineData("", "..")]
    [InlineData(".*", "a'b")]
    public void What_pocketbase_refuses_in_every_id_fits_no_pattern(string pattern, string id) => Assert.False(IdPattern.Of(pattern, 0, 0).Fits(id));

    [Fact]
    public void A_pattern_of_ill_will_takes_no_time() =>
        Assert.False(IdPattern.Of("^(a+)+$", 0, 0).Fits(new string('a', 400) + "!"));
}
