using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;

namespace SupportConsole.Core.Tests.ViewAs;

public sealed class FilterHintsTests
{
    private static readonly string[] s_fields = ["title", "status", "created", "author"];

    [Theory]
    [InlineData("status = 'draft' && (created > @todayStart || title ~ 'x')")]
    [InlineData("title = \"a ) b\"")]
    [InlineData("author.name ?~ 'ada' // a comment")]
    [InlineData("")]
    [InlineData("title = 'see @requests'")]
    public void What_PocketBase_may_take_is_left_to_it(string filter) => Assert.Empty(FilterHints.Refused(filter, FilterGrammar.Modern));

    [Theory]
    [InlineData("title = 'a", "isn't closed")]
    [InlineData("title = 'a')", "isn't closed")]
    [InlineData(") || (1=1", "isn't closed")]
    [InlineData("author = @request.auth.id", "“@request.auth.id” belongs to rules")]
    [InlineData("@COLLECTION.users.id != ''", "belongs to rules")]
    [InlineData("title = '@request.auth.id'", "“@request.” from nobody")]
    [InlineData("title = 'a' // @collection.users", "“@collection.” from nobody")]
    [InlineData("title = '\0'", "NUL")]
    public void What_PocketBase_would_surely_refuse_is_not_asked(string filter, string said) =>
        Assert.Contains(FilterHints.Refused(filter, FilterGrammar.Modern), hint => hint.Contains(said, StringComparison.Ordinal));

    [Fact]
    public void A_filter_that_leaves_no_room_is_too_long() =>
        Assert.Contains("too long", Assert.Single(FilterHints.Refused($"title = '{new string('é', 1600)}'", FilterGrammar.Modern)), StringComparison.Ordinal);

    [Theory]
    [InlineData("titel = 'x'", "Is “title” meant?")]
    [InlineData("Title = 'x'", "Is “title” meant?")]
    [InlineData("status = draft", "needs quotation marks: 'draft'")]
    [InlineData("status == 'draft'", "write “=”")]
    [InlineData("status <> 'draft'", "write “!=”")]
    [InlineData("!(status = 'draft')", "no “not”")]
    [InlineData("status = 'a' and title = 'b'", "write “&&”")]
    [InlineData("status = 'a' & title = 'b'", "joined by “&&”")]
    [InlineData("title LIKE 'b'", "write “~”")]
    [InlineData("secret_note != ''", "Users see no field “secret_note”")]
    [InlineData("title", "doesn't say why")]
    [InlineData("名前 = 'x'", "Users see no field “名前”")]
    public void A_refused_filter_gets_a_hint(string filter, string hint)
    {
        var hints = FilterHints.For(filter, s_fields);

        Assert.Contains(hints, one => one.Contains(hint, StringComparison.Ordinal));
        Assert.Equal("Fields: title, status, created, author.", hints[^1]);
    }

    [Theory]
    [InlineData("created > @now && strftime('%Y', created) = '2026' && title != null && author.name = true // and draft")]
    [InlineData("title:lower = 'x' && comments_via_post.message ?~ 'y'")]
    public void What_fits_is_not_blamed(string filter) => Assert.Contains("doesn't say why", FilterHints.For(filter, s_fields)[0], StringComparison.Ordinal);

    [Fact]
    public void A_filter_of_ten_thousand_words_is_answered() =>
        Assert.NotEmpty(FilterHints.For(string.Concat(Enumerable.Repeat("(a = b) && ", 10_000)), s_fields));
}
