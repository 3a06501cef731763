using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>A role that is taken away or given works in windows that are open already.</summary>
[Collection(Journeys.Name)]
public sealed class RevocationTests(ConsoleApp app, Browsers browsers, ITestOutputHelper output) : BrowserTest(app, browsers)
{
    [Fact]
    public async Task Revoked_agents_open_view_locks_at_once_and_a_new_grant_works_at_once()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenSessionAsync();
        var title = await mia.Posts.First.Locator("h2").InnerTextAsync();
        var ruth = await OpenAsync("Ruth Okafor");
        await ruth.GoAsync("/staff");
        await ruth.ChangeRoleAsync("Revoke", "demo/mia-chen", "Left the support team today");

        var clicked = Stopwatch.StartNew();
        await ruth.Button("Revoke role").ClickAsync();
        await Expect(mia.Page.GetByText("This page is locked for you")).ToBeVisibleAsync(new() { Timeout = 5000 });
        output.WriteLine($"The view was locked {clicked.ElapsedMilliseconds} ms after the click.");

        await Expect(mia.Posts).ToHaveCountAsync(0);
        Assert.DoesNotContain(title, await mia.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(App.LiveSessions);
        await Expect(ruth.Dialog).ToHaveCountAsync(0); // Goes when whoever had to hear of it has: the window may have heard before the end was written down.
        var session = mia.SessionId;
        Assert.Equal(EndReason.RoleRevoked, EndReasons.Parse((await App.SessionEventsAsync(session)).Single(entry => entry.Event.Type == AuditEventTypes.SessionEnded).Event.Detail));

        // The same address again, as a new request: it leads to the explanation, not to the posts.
        await mia.Page.ReloadAsync();
        await Expect(mia.Heading).ToHaveTextAsync(new Regex("No access yet|This page is locked for you"));
        await Expect(mia.Posts).ToHaveCountAsync(0);

        await mia.GoAsync("/");
        await Expect(mia.Heading).ToHaveTextAsync("No access yet");
        await ruth.ChangeRoleAsync("Grant", "demo/mia-chen", "Back in the support team");
        await ruth.Button("Grant role").ClickAsync();
        await Expect(ruth.Page.Locator("tr[data-staff-id='demo/mia-chen']")).ToContainTextAsync("Support agent");
        await mia.GoAsync("/");
        await Expect(mia.Heading).ToHaveTextAsync("Find a user");
        await mia.OpenSessionAsync();
    }

    [Fact]
    public async Task Grant_opens_a_locked_page_without_a_reload()
    {
        var mia = await OpenAsync("Mia Chen");
        var ruth = await OpenAsync("Ruth Okafor");
        await ruth.GoAsync("/staff");
        await ruth.ChangeRoleAsync("Revoke", "demo/mia-chen", "Left the support team today");
        await ruth.Button("Revoke role").ClickAsync();
        await Expect(mia.Page.GetByText("This page is locked for you")).ToBeVisibleAsync();
        await Expect(mia.Page.GetByRole(AriaRole.Link, new() { Name = "Find a user" })).ToHaveCountAsync(0);
        await Expect(ruth.Dialog).ToHaveCountAsync(0);

        await ruth.ChangeRoleAsync("Grant", "demo/mia-chen", "Back in the support team");
        await ruth.Button("Grant role").ClickAsync();

        await Expect(mia.Heading).ToHaveTextAsync("Find a user");
        await mia.SearchBox.FillAsync("ada");
        await Expect(mia.UserRows.First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Person_without_a_role_is_told_whom_to_ask()
    {
        var tom = await OpenAsync("Tom Weber");

        await Expect(tom.Heading).ToHaveTextAsync("No access yet");
        await Expect(tom.Page.GetByText("Ruth Okafor")).ToBeVisibleAsync();
        await Expect(tom.Page.GetByRole(AriaRole.Navigation)).ToHaveCountAsync(0);
        foreach (var path in (string[])["/users", "/sessions", "/audit", "/staff", $"/users/users/{Window.AdaId}", $"/start?user=users/{Window.AdaId}"])
        {
            await tom.GoAsync(path);
            await Expect(tom.Heading).ToHaveTextAsync("No access yet");
        }
    }
}
