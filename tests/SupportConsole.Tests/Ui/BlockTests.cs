using Bunit;
using SupportConsole.Tests.TestKit;
using SupportConsole.Ui;

namespace SupportConsole.Tests.Ui;

/// <summary>The small blocks that pages are made of, as far as they decide anything.</summary>
public sealed class BlockTests : ConsoleContext
{
    [Theory]
    [InlineData("Ada Lovelace", "LOVE", "Ada <mark>Love</mark>lace")]
    [InlineData("Ada Lovelace", "Ada", "<mark>Ada</mark> Lovelace")]
    [InlineData("Ada Lovelace", "lace", "Ada Love<mark>lace</mark>")]
    [InlineData("aaa", "a", "<mark>a</mark>aa")]
    [InlineData("Ada Lovelace", "", "Ada Lovelace")]
    [InlineData("Ada Lovelace", "adam", "Ada Lovelace")]
    [InlineData("", "ada", "")]
    [InlineData("<b>ada</b>", "<b>", "<mark>&lt;b&gt;</mark>ada&lt;/b&gt;")]
    [InlineData("Straße", "STRASSE", "Straße")]
    public void What_was_searched_for_is_marked_where_it_stands_first(string text, string term, string markup) =>
        Assert.Equal(markup, Render<Marked>(p => p.Add(m => m.Text, text).Add(m => m.Term, term)).Markup.Trim());

    [Theory]
    [InlineData("Ada Lovelace", "AL")]
    [InlineData("ada", "A")]
    [InlineData("Ada Augusta King-Noel", "AN")]
    [InlineData("ada.lovelace@example.com", "AC")]
    [InlineData("  élan   vital ", "ÉV")]
    [InlineData("e\u0301lan", "E\u0301")]
    [InlineData("(ada) 7 of nine", "7N")]
    [InlineData("…", "")]
    [InlineData("", "")]
    [InlineData("\uD83D\uDE00 Ada", "A")]
    [InlineData("\uD800", "")]
    [InlineData("𝒜da Bell", "𝒜B")]
    public void Initials_are_of_the_first_word_and_the_last(string name, string initials)
    {
        var drawn = Render<Initials>(p => p.Add(i => i.Name, name)).Find("span");

        Assert.Equal(initials, drawn.TextContent);
        Assert.Equal("true", drawn.GetAttribute("aria-hidden"));
    }

    [Fact]
    public void A_panel_that_tells_of_a_failure_says_so_at_once_whatever_it_was_else()
    {
        var panel = Render<StatePanel>(p => p.Add(s => s.Failed, true).Add(s => s.Role, "status").AddUnmatched("aria-labelledby", "why").AddChildContent("<p>Why</p>"));

        Assert.Equal("why", panel.Find("[role=alert]").GetAttribute("aria-labelledby"));
        Assert.Equal("true", panel.Find("svg").GetAttribute("aria-hidden"));
        Assert.Equal("Why", panel.Find("p").TextContent);
    }

    [Theory]
    [InlineData("status")]
    [InlineData(null)]
    public void A_panel_without_a_failure_has_the_role_it_is_given(string? role)
    {
        var panel = Render<StatePanel>(p => p.Add(s => s.Role, role).AddChildContent("<p>Nothing</p>"));

        Assert.Equal(role, panel.Find("section").GetAttribute("role"));
        Assert.Empty(panel.FindAll("svg"));
    }

    [Fact]
    public void A_text_to_take_away_can_not_be_changed_and_its_button_says_what_is_copied()
    {
        var field = Render<CopyField>(p => p.Add(f => f.Id, "shown").Add(f => f.Label, "Key").Add(f => f.Value, "a\"b<c").Add(f => f.Secret, true));

        var input = field.Find("input#shown");
        Assert.Equal("a\"b<c", input.GetAttribute("value"));
        Assert.True(input.HasAttribute("readonly"));
        Assert.True(input.HasAttribute("data-secret"));
        Assert.Equal("off", input.GetAttribute("autocomplete"));
        Assert.Equal("shown", field.Find("button[aria-label='Copy: Key']").GetAttribute("data-copy"));
        Assert.Equal("shown", field.Find("label").GetAttribute("for"));
        Assert.Equal("", field.Find("[role=status][data-copied=shown]").TextContent);
    }

    [Fact]
    public void A_text_of_several_lines_keeps_them_and_is_no_secret_by_itself()
    {
        var field = Render<CopyField>(p => p.Add(f => f.Id, "script").Add(f => f.Label, "Script").Add(f => f.Value, "one\ntwo").Add(f => f.Lines, 7));

        Assert.Equal(("one\ntwo", "7"), (field.Find("textarea#script").TextContent, field.Find("textarea").GetAttribute("rows")));
        Assert.True(field.Find("textarea").HasAttribute("readonly"));
        Assert.Empty(field.FindAll("[data-secret]"));
    }

    [Fact]
    public async Task A_page_that_failed_can_be_tried_again()
    {
        var again = 0;
        var failed = Render<PageFailed>(p => p.Add(f => f.OnRecover, () => again++));

        Assert.Equal("This page failed", failed.Find("[role=alert] h1").TextContent);
        await failed.Find("button").ClickAsync(new());

        Assert.Equal(1, again);
    }

    [Fact]
    public void A_note_about_proving_oneself_stands_only_where_it_is_needed()
    {
        Assert.Equal("", Render<StepUpNote>(p => p.Add(n => n.Show, false)).Markup.Trim());
        Assert.Contains("Starting asks you to confirm it", Render<StepUpNote>(p => p.Add(n => n.Show, true).Add(n => n.Act, "Starting")).Find("[role=note]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_switch_is_what_a_screen_reader_calls_one_and_says_what_it_is_to_be()
    {
        var wished = new List<bool>();
        var block = Render<Switch>(p => p.Add(s => s.Label, "Follow live").Add(s => s.On, true).Add(s => s.OnChanged, wished.Add));

        Assert.Equal("Follow live", block.Find("label").TextContent);
        Assert.True(block.Find("label input[type=checkbox][role=switch]").HasAttribute("checked"));
        await block.Find("input").ChangeAsync(new() { Value = false });

        Assert.Equal([false], wished);
    }
}
