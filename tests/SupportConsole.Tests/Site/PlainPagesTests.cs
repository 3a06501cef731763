using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Core.Staff;
using SupportConsole.Site;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Site;

/// <summary>Where somebody is sent, and what somebody without a role is told.</summary>
public sealed class PlainPagesTests() : WindowContext(Nobody)
{
    private const string Why = "Covers the weekend shift";

    [Theory]
    [InlineData(Agent, "users", false)]
    [InlineData(Admin, "users", false)]
    [InlineData(Manager, "sessions", false)]
    [InlineData(Nobody, "no-access", true)]
    public void The_start_page_sends_everybody_to_the_first_place_their_roles_open(string person, string place, bool byALoad)
    {
        Me = Console.As(person);

        Render<StartPage>();

        var navigation = Services.GetRequiredService<BunitNavigationManager>();
        Assert.Equal(navigation.BaseUri + place, navigation.Uri);
        Assert.Equal((true, byALoad), (navigation.History.First().Options.ReplaceHistoryEntry, navigation.History.First().Options.ForceLoad));
    }

    [Fact]
    public async Task Somebody_without_a_role_is_told_who_can_grant_one()
    {
        AddAuthorization().SetAuthorized("Tom Weber");
        var page = Render<NoAccessPage>();

        await page.WaitForAssertionAsync(() => Assert.Equal(["Omar Haddad, omar@corp.example", "Ruth Okafor, ruth@corp.example"], page.FindAll("li").Select(manager => manager.TextContent)));
        Assert.Contains("Hello Tom Weber.", page.Markup, StringComparison.Ordinal);
        Assert.Equal("signout", page.Find("form[method=post]").GetAttribute("action"));
    }

    [Fact]
    public async Task Those_who_lost_the_role_are_named_no_more()
    {
        AddAuthorization().SetAuthorized("Tom Weber");
        await Console.Roles.RevokeAsync(Console.As(Manager), Person(OtherManager).Id, Role.Manager, Why, Token);

        var page = Render<NoAccessPage>();

        await page.WaitForAssertionAsync(() => Assert.Equal(["Ruth Okafor, ruth@corp.example"], page.FindAll("li").Select(manager => manager.TextContent)));
    }
}
