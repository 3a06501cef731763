using CsCheck;
using SupportConsole.Core.Users;

namespace SupportConsole.Core.Tests.Users;

public sealed class UserQueryTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \t\u00a0 ")]
    public void Blanks_ask_for_nothing(string? input) => Assert.IsType<UserQuery.Nothing>(UserQuery.Parse(input));

    [Theory]
    [InlineData("a")]
    [InlineData("ad")]
    [InlineData("  ad  ")]
    [InlineData("😀😀")]
    [InlineData("李娜")]
    public void Two_characters_are_too_few(string input) => Assert.IsType<UserQuery.TooShort>(UserQuery.Parse(input));

    [Theory]
    [InlineData("u8k2m1c0a3l9x7q", "u8k2m1c0a3l9x7q")]
    [InlineData(" u8k2m1c0a3l9x7q\n", "u8k2m1c0a3l9x7q")]
    [InlineData("https://app.example/users/u8k2m1c0a3l9x7q", "u8k2m1c0a3l9x7q")]
    [InlineData("https://app.example/u/u8k2m1c0a3l9x7q/edit?tab=1#top", "u8k2m1c0a3l9x7q")]
    [InlineData("http://127.0.0.1:8090/_/#/collections?collection=users&recordId=u8k2m1c0a3l9x7q", "u8k2m1c0a3l9x7q")]
    public void An_id_is_found_alone_or_in_a_pasted_address(string input, string id) =>
        Assert.Equal(new UserQuery.ById(id), UserQuery.Parse(input));

    [Theory]
    [InlineData("ada@example.com")]
    [InlineData("siobhan.o'brien@example.com")]
    [InlineData("maya.100%@example.net")]
    [InlineData("élodie@example.com")]
    [InlineData("ADA@EXAMPLE.COM")]
    public void A_whole_address_is_an_e_mail(string input) => Assert.Equal(new UserQuery.ByEmail(input), UserQuery.Parse(input));

    [Theory]
    [InlineData("Ada")]
    [InlineData("ada@")]
    [InlineData("@example.com")]
    [InlineData("ada@example")]
    [InlineData("ada lovelace@example.com")]
    [InlineData("extraordinarily")]
    [InlineData("U8K2M1C0A3L9X7Q")]
    [InlineData("file:///users/u8k2m1c0a3l9x7q")]
    [InlineData("https://app.example/users/")]
    [InlineData("' || 1=1 // ")]
    [InlineData("\") || (\"\" = \"")]
    [InlineData("@request.auth.id")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("%%%")]
    [InlineData("a\0b")]
    [InlineData("\\\\\\")]
    public void Anything_else_is_a_text_as_typed(string input) => Assert.Equal(new UserQuery.ByText(input.Trim()), UserQuery.Parse(input));

    [Fact]
    public void An_endless_input_is_cut()
    {
        var query = Assert.IsType<UserQuery.ByText>(UserQuery.Parse(new string('é', 10 * 1024 * 1024)));

        Assert.Equal(UserQuery.MaximumLength, query.Text.Length);
    }

    [Fact]
    public void A_cut_never_leaves_half_a_character() => Gen.Int[190, 205].Sample(before =>
    {
        var text = new string('x', before) + string.Concat(Enumerable.Repeat("😀", 10));
        return UserQuery.Parse(text) is UserQuery.ByText query && query.Text.All(c => char.IsAscii(c) || char.IsSurrogate(c))
            && !char.IsHighSurrogate(query.Text[^1]);
    });

    [Fact]
    public void No_input_is_too_odd() => Gen.String.Sample(text => UserQuery.Parse(text) is not null);

    [Fact]
    public void Only_what_names_one_user_is_exact()
    {
        Assert.True(new UserQuery.ById("u8k2m1c0a3l9x7q").IsExact);
        Assert.True(new UserQuery.ByEmail("ada@example.com").IsExact);
        Assert.False(new UserQuery.ByText("Ada").IsExact);
        Assert.False(new UserQuery.TooShort().IsExact);
        Assert.False(new UserQuery.Nothing().IsExact);
    }
}
