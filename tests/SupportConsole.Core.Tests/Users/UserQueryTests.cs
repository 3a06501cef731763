using CsCheck;
using SupportConsole.Core.Users;

namespace SupportConsole.Core.Tests.Users;

public sealed class UserQueryTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \t\u00a0 ")]
    [InlineData("\u200B\u2060")]
    public void What_can_not_be_seen_asks_for_nothing(string? input) => Assert.Equal(QueryReach.Nothing, UserQuery.Parse(input).Reach);

    [Theory]
    [InlineData("a", QueryReach.TooShort)]
    [InlineData(" ж ", QueryReach.TooShort)]
    [InlineData("Bo", QueryReach.Whole)]
    [InlineData("  Ng  ", QueryReach.Whole)]
    [InlineData("é\u0301é", QueryReach.Whole)]
    [InlineData("李", QueryReach.Whole)]
    [InlineData("김", QueryReach.Whole)]
    [InlineData("あ", QueryReach.Whole)]
    [InlineData("Ada", QueryReach.Anywhere)]
    [InlineData("李娜", QueryReach.Anywhere)]
    [InlineData("김민", QueryReach.Anywhere)]
    [InlineData("ユウ", QueryReach.Anywhere)]
    [InlineData("ሰላ", QueryReach.Anywhere)]
    [InlineData("𠮷田", QueryReach.Anywhere)]
    public void The_least_that_is_searched_depends_on_the_script(string input, QueryReach reach) => Assert.Equal(reach, UserQuery.Parse(input).Reach);

    [Theory]
    [InlineData("u8k2m1c0a3l9x7q", "u8k2m1c0a3l9x7q")]
    [InlineData(" u8k2m1c0a3l9x7q\n", "u8k2m1c0a3l9x7q")]
    [InlineData("(u8k2m1c0a3l9x7q),", "u8k2m1c0a3l9x7q")]
    [InlineData("u8k2m1c0a3l9x7q\u200B", "u8k2m1c0a3l9x7q")]
    [InlineData("id: u8k2m1c0a3l9x7q", "u8k2m1c0a3l9x7q")]
    [InlineData("https://app.example/users/u8k2m1c0a3l9x7q", "u8k2m1c0a3l9x7q")]
    [InlineData("https://app.example/u/u8k2m1c0a3l9x7q/edit?tab=1#top", "u8k2m1c0a3l9x7q")]
    [InlineData("http://127.0.0.1:8090/_/#/collections?collection=users&recordId=u8k2m1c0a3l9x7q", "u8k2m1c0a3l9x7q")]
    [InlineData("app.example/users/usr_42", "usr_42")]
    [InlineData("https://app.example/#/people/0190A6E2-7C1B-7DEF-8A2B-1C2D3E4F5A6B/posts", "0190A6E2-7C1B-7DEF-8A2B-1C2D3E4F5A6B")]
    [InlineData("https://app.example/users/%E6%97%A5%E6%9C%AC", "日本")]
    [InlineData("christopher1990", "christopher1990")]
    public void What_could_be_an_id_is_kept_alone_or_from_a_pasted_address(string input, string id) => Assert.Contains(id, UserQuery.Parse(input).Parts);

    [Theory]
    [InlineData("ada@example.com")]
    [InlineData("siobhan.o'brien@example.com")]
    [InlineData("maya.100%@example.net")]
    [InlineData("élodie@example.com")]
    [InlineData("ADA@EXAMPLE.COM")]
    public void A_whole_address_is_an_e_mail_as_typed(string input) => Assert.Equal([input], UserQuery.Parse(input).Emails);

    [Theory]
    [InlineData("Ada Lovelace <ada@example.test>", "ada@example.test")]
    [InlineData("mailto:ada@example.test", "ada@example.test")]
    [InlineData("MAILTO:ada%40example.test?subject=Help&body=x", "ada@example.test")]
    [InlineData("ada@example.test,", "ada@example.test")]
    [InlineData("ada@example.test.", "ada@example.test")]
    [InlineData("'ada@example.test'", "ada@example.test")]
    [InlineData("“ada@example.test”", "ada@example.test")]
    [InlineData("ada@example.test\u200B", "ada@example.test")]
    [InlineData("\u202Aada@example.test\u202C", "ada@example.test")]
    [InlineData("ada\u00AD@exam\u200Bple.test", "ada@example.test")]
    [InlineData("From: \"Lovelace, Ada\" <ada@example.test>", "ada@example.test")]
    [InlineData("https://app.example/reset?email=ada%40example.test&t=1", "ada@example.test")]
    [InlineData("email=ada@example.test", "ada@example.test")]
    [InlineData("<mailto:ada@example.test>", "ada@example.test")]
    public void An_e_mail_is_read_out_of_what_people_paste(string input, string email) => Assert.Equal([email], UserQuery.Parse(input).Emails);

    [Fact]
    public void Several_e_mails_are_all_read() =>
        Assert.Equal(["ada@example.test", "bob@example.test"], UserQuery.Parse("Ada <ada@example.test>; Bob <bob@example.test>").Emails);

    [Theory]
    [InlineData("Ada")]
    [InlineData("ada@")]
    [InlineData("@example.com")]
    [InlineData("ada@example")]
    [InlineData("extraordinarily")]
    [InlineData("' || 1=1 // ")]
    [InlineData("\") || (\"\" = \"")]
    [InlineData("@request.auth.id")]
    [InlineData("<b>alert(1)</b>")]
    [InlineData("%%%")]
    [InlineData("a\0b")]
    [InlineData("\\\\\\")]
    [InlineData("می\u200Cخواهم")]
    public void Anything_else_is_a_text_as_typed(string input)
    {
        var query = UserQuery.Parse(input);

        Assert.Equal(input.Trim(), query.Text);
        Assert.Empty(query.Emails);
    }

    [Theory]
    [InlineData("https://app.example/in?next=%2Fusers%2Fu8k2m1c0a3l9x7q")]
    [InlineData("https://app.example/in?to=https%253A%252F%252Fapp.example%252Fusers%252Fu8k2m1c0a3l9x7q")]
    [InlineData("She is here: https://app.example/users/u8k2m1c0a3l9x7q.")]
    [InlineData("[Ada](https://app.example/users/u8k2m1c0a3l9x7q), as she says")]
    [InlineData("app.example/@u8k2m1c0a3l9x7q")]
    [InlineData("{u8k2m1c0a3l9x7q}")]
    public void An_id_is_found_wherever_an_address_carries_it(string input) => Assert.Contains("u8k2m1c0a3l9x7q", UserQuery.Parse(input).Parts);

    [Theory]
    [InlineData("app.example/u/ada@example.com", "ada@example.com")]
    [InlineData("E-Mail:ada@example.com", "ada@example.com")]
    [InlineData("SMTP:ada@example.com", "ada@example.com")]
    [InlineData("app.example/in?next=%2Fu%2Fada%2540example.com", "ada@example.com")]
    [InlineData("bounce+ada=list@example.com", "bounce+ada=list@example.com")]
    public void An_e_mail_is_found_behind_other_words(string input, string email) => Assert.Contains(email, UserQuery.Parse(input).Emails);

    [Fact]
    public void A_long_address_is_read_to_its_end() =>
        Assert.Contains("u8k2m1c0a3l9x7q", UserQuery.Parse($"https://app.example/{new string('x', 1500)}/u8k2m1c0a3l9x7q").Parts);

    [Fact]
    public void An_endless_input_is_cut()
    {
        var query = UserQuery.Parse(new string('é', 10 * 1024 * 1024));

        Assert.Equal(UserQuery.LongestText, query.Text.Length);
    }

    [Fact]
    public void A_cut_never_leaves_half_a_character() => Gen.Int[190, 205].Sample(before =>
    {
        var text = UserQuery.Parse(new string('x', before) + string.Concat(Enumerable.Repeat("😀", 10))).Text;
        return text.All(c => char.IsAscii(c) || char.IsSurrogate(c)) && !char.IsHighSurrogate(text[^1]);
    });

    [Fact]
    public void No_input_is_too_odd() => Gen.String.Sample(text => UserQuery.Parse(text) is not null);

    [Theory]
    [InlineData("ada@example.com", true)]
    [InlineData("https://app.example/users/u8k2m1c0a3l9x7q", true)]
    [InlineData("Ada", false)]
    [InlineData("", false)]
    public void Only_what_names_one_user_is_exact(string input, bool exact) => Assert.Equal(exact, UserQuery.Parse(input).IsExact);
}
