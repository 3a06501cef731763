using System.Text.RegularExpressions;
using SupportConsole.Core.ApiKeys;

namespace SupportConsole.Core.Tests.ApiKeys;

public sealed class PatternTextTests
{
    [Theory]
    [InlineData("^[a-z0-9]+$")]
    [InlineData("[a-z0-9]{15}")]
    [InlineData("^[A-Z][a-z_0-9]*$")]
    [InlineData("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    [InlineData("^usr_[A-Za-z0-9]{12,20}$")]
    [InlineData("^(?:svc|acc)-(\\d{4}){2}x?$")]
    [InlineData(@"^\w{3,}\-[^a-z_]{2}$")]
    [InlineData("^[A-Za-z0-9_-]{1,50}$")]
    [InlineData("^[\\d\\-]{5}.{2}$")]
    public void A_text_is_of_its_pattern(string pattern)
    {
        var made = Enumerable.Range(0, 50).Select(_ => PatternText.Make(pattern, 15)!).ToArray();

        Assert.All(made, text => Assert.Matches(new Regex($"\\A(?:{pattern.Trim('^', '$')})\\z", RegexOptions.ECMAScript), text));
        Assert.True(made.Distinct().Count() > 40, string.Join(' ', made));
    }

    [Theory]
    [InlineData("")]
    [InlineData("^$")]
    [InlineData("(?i)[a-z]{15}")]
    [InlineData("[[:alpha:]]+")]
    [InlineData(@"\pL+")]
    [InlineData("[é]+")]
    [InlineData("[a-z")]
    [InlineData("(ab")]
    [InlineData("ab)")]
    [InlineData("*a")]
    [InlineData("a{x}")]
    [InlineData("a{3,2}")]
    [InlineData("a{2000000000}")]
    [InlineData("(a{100}){100}")]
    [InlineData(@"\")]
    public void What_is_not_understood_makes_none(string pattern) => Assert.Null(PatternText.Make(pattern, 15));

    [Fact]
    public void What_may_be_repeated_freely_is_repeated_as_usual()
    {
        Assert.Equal(22, PatternText.Make("^[a-z]+$", 22)!.Length);
        Assert.Equal(10, PatternText.Make("^[a-z]{5,10}$", 22)!.Length);
        Assert.Equal(30, PatternText.Make("^[a-z]{30,}$", 22)!.Length);
    }
}
