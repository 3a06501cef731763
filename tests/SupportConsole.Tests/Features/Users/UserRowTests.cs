using Bunit;
using Microsoft.AspNetCore.Components.Web;
using SupportConsole.Core;
using SupportConsole.Core.Users;
using SupportConsole.Features.Users;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Users;

/// <summary>A line of the search's results, with a pointer and with keys.</summary>
public sealed class UserRowTests : ConsoleContext
{
    private static readonly UserSummary Ada = new(
        User("u8k2m1c0a3l9x7q"), "Ada Lovelace", "ada@example.com", Verified: true, Protection.None, new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    private readonly List<string> _told = [];

    [Theory]
    [InlineData("Enter", true, "open")]
    [InlineData("Enter", false, "open")]
    [InlineData("v", true, "view")]
    [InlineData("v", false, "")]
    [InlineData("x", true, "")]
    public async Task Its_keys_do_what_the_hint_below_the_table_says(string key, bool canViewAs, string told)
    {
        var row = Show(Ada, canViewAs);
        Assert.Equal("0", row.Find("tr").GetAttribute("tabindex"));

        await row.Find("tr").KeyDownAsync(new KeyboardEventArgs { Key = key });

        Assert.Equal(told, string.Join(' ', _told));
    }

    [Fact]
    public async Task What_the_browser_pastes_with_opens_nothing()
    {
        var row = Show(Ada, canViewAs: true);

        await row.Find("tr").KeyDownAsync(new KeyboardEventArgs { Key = "v", CtrlKey = true });
        await row.Find("tr").KeyDownAsync(new KeyboardEventArgs { Key = "v", MetaKey = true });

        Assert.Empty(_told);
    }

    [Fact]
    public async Task A_click_opens_and_a_button_does_its_own_act_alone()
    {
        var row = Show(Ada, canViewAs: true);

        await row.Find("tr").ClickAsync(new());
        Assert.Equal(["open"], _told);
        await PressAsync(row, "View as");
        Assert.Equal(["open", "view"], _told);
        await PressAsync(row, "Open");
        Assert.Equal(["open", "view", "open"], _told);
        Assert.True(row.Find("td.actions").HasAttribute("blazor:onkeydown:stoppropagation"), "Enter on a button would open the user as well.");
    }

    [Fact]
    public void Whoever_may_not_view_as_users_is_not_offered_it() => Assert.Equal(["Open"], Buttons(Show(Ada, canViewAs: false)));

    [Fact]
    public void What_was_searched_for_is_marked_in_name_address_and_id()
    {
        var row = Show(Ada, canViewAs: true, term: "a");

        Assert.Equal(["A", "a", "a"], row.FindAll("mark").Select(mark => mark.TextContent));
        Assert.Equal("Ada Lovelace", row.Find(".person-name").TextContent);
    }

    [Theory]
    [InlineData(true, Protection.None, "Verified")]
    [InlineData(false, Protection.None, "Unverified")]
    [InlineData(true, Protection.Protected, "Protected Verified")]
    [InlineData(true, Protection.Undecided, "Protected Verified")]
    public void The_state_is_said_in_words(bool verified, Protection protection, string words) => Assert.Equal(
        words, string.Join(' ', Show(Ada with { Verified = verified, Protection = protection }, canViewAs: true).FindAll(".tag").Select(tag => tag.TextContent.Trim())));

    [Fact]
    public void What_is_not_known_is_a_dash_and_the_last_view_names_who_it_was()
    {
        var without = Show(Ada with { Created = null }, canViewAs: true);
        Assert.Equal(["—", "—"], without.FindAll("[data-label=Created], [data-label='Last support view']").Select(cell => cell.TextContent.Trim()));

        var with = Show(Ada, canViewAs: true, view: new LastView(new DateTimeOffset(2029, 12, 24, 18, 0, 0, TimeSpan.Zero), "Mia Chen"));
        Assert.Equal("4 May 2026", with.Find("[data-label=Created]").TextContent.Trim());
        Assert.Equal("24 Dec 2029 18:00 by Mia Chen", with.Find("[data-label='Last support view']").TextContent.Trim());
    }

    [Fact]
    public void A_name_that_turns_the_reading_around_does_not_turn_what_follows_it()
    {
        var row = Show(Ada with { Name = "\u202Eevil" }, canViewAs: true);

        Assert.Equal($"{VisibleText.Isolate("\u202Eevil")}, {VisibleText.Isolate("ada@example.com")}", row.Find("tr").GetAttribute("aria-label"));
        Assert.Equal("auto", row.Find(".person-name").GetAttribute("dir"));
    }

    private IRenderedComponent<UserRow> Show(UserSummary user, bool canViewAs, string term = "", LastView? view = null) => Render<UserRow>(p => p
        .Add(r => r.Found, new FoundUser(user, view)).Add(r => r.Term, term).Add(r => r.CanViewAs, canViewAs)
        .Add(r => r.OnOpen, _ => _told.Add("open")).Add(r => r.OnViewAs, _ => _told.Add("view")));
}
