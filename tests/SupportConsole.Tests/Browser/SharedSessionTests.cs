using Microsoft.Playwright;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>A session belongs to an agent: to each of the agent's windows, to nobody else's, and not to any one window.</summary>
[Collection(Journeys.Name)]
public sealed class SharedSessionTests(ConsoleApp app, Browsers browsers) : BrowserTest(app, browsers)
{
    [Fact]
    public async Task Two_tabs_of_an_agent_share_the_one_session()
    {
        var first = await OpenAsync("Mia Chen");
        await first.OpenSessionAsync();
        var second = await OpenTabAsync(first.Page.Context);

        await second.GoAsync($"/sessions/{first.SessionId}");

        await Expect(second.Posts.First).ToBeVisibleAsync();
        Assert.Equal(await first.PostIdsAsync(), await second.PostIdsAsync());
        Assert.Single(App.LiveSessions);
        await second.Button("End session").ClickAsync();
        await Expect(first.Heading).ToHaveTextAsync("Session ended");
        await Expect(first.Posts).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Dialog_of_a_second_session_offers_to_end_the_first()
    {
        var first = await OpenAsync("Mia Chen");
        await first.OpenSessionAsync();
        var session = first.SessionId;
        var second = await OpenTabAsync(first.Page.Context);
        await second.OpenUserAsync();
        await second.Button("View as").ClickAsync();
        await second.Field("Reason").FillAsync(Window.Reason);
        await Expect(second.Button("Start 15-minute session")).ToBeDisabledAsync();

        await second.Button("End the session as Ada Lovelace").ClickAsync();

        await Expect(first.Heading).ToHaveTextAsync("Session ended");
        await second.Button("Start 15-minute session").ClickAsync();
        await Expect(second.ViewOf("Ada Lovelace")).ToBeVisibleAsync();
        Assert.NotEqual(session, second.SessionId);
        Assert.Equal("replaced", (await App.SessionEventsAsync(session)).Single(entry => entry.Event.Type == AuditEventTypes.SessionEnded).Event.Detail);
    }

    [Fact]
    public async Task Another_agent_sees_nothing_of_it()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenSessionAsync();
        var jan = await OpenAsync("Jan Peeters");

        await jan.GoAsync($"/sessions/{mia.SessionId}");

        await Expect(jan.Heading).ToHaveTextAsync("No such session");
        await Expect(jan.Posts).ToHaveCountAsync(0);
        await jan.GoAsync("/sessions");
        await Expect(jan.Page.GetByText("No live session")).ToBeVisibleAsync();
        Assert.Single(App.LiveSessions);
    }

    [Fact]
    public async Task Session_outlives_the_browser_until_a_manager_ends_it()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenSessionAsync();
        var session = mia.SessionId;
        await mia.Page.Context.CloseAsync();
        var ruth = await OpenAsync("Ruth Okafor");

        await ruth.GoAsync("/sessions");
        var row = ruth.Page.Locator($"tr[data-session-id='{session}']");
        await Expect(row).ToContainTextAsync("Mia Chen");
        await Expect(row).ToContainTextAsync(Window.Reason);
        await row.GetByRole(AriaRole.Button, new() { Name = "End the session as Ada Lovelace" }).ClickAsync();

        await Expect(ruth.Page.GetByText("No live session")).ToBeVisibleAsync();
        Assert.Empty(App.LiveSessions);
        var ended = (await App.SessionEventsAsync(session)).Single(entry => entry.Event.Type == AuditEventTypes.SessionEnded).Event;
        Assert.Equal((AuditEventTypes.SessionEnded, EndReason.EndedByColleague, new StaffId("demo/ruth-okafor")), (ended.Type, EndReasons.Parse(ended.Detail), ended.Actor.Id));
    }

    [Fact]
    public async Task Manager_ends_a_session_under_the_agents_eyes()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenSessionAsync();
        var ruth = await OpenAsync("Ruth Okafor");
        await ruth.GoAsync($"/sessions/{mia.SessionId}");
        await Expect(ruth.Heading).ToHaveTextAsync("Live session of Mia Chen");
        await Expect(ruth.Posts).ToHaveCountAsync(0);

        await ruth.Button("End session").ClickAsync();

        await Expect(mia.Heading).ToHaveTextAsync("Session ended");
        await Expect(mia.Page.GetByText("A manager or an admin ended the session.")).ToBeVisibleAsync();
        await Expect(mia.Posts).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("Mia Chen")]
    [InlineData("Ines Duarte")]
    public async Task Signing_in_again_in_the_same_browser_ends_what_was_there_and_one_sign_out_ends_both(string again)
    {
        var first = await OpenAsync("Mia Chen");
        await first.OpenSessionAsync();
        var session = first.SessionId;
        var second = await OpenTabAsync(first.Page.Context);
        await second.SignInAsync(again);

        await Expect(first.Heading).ToHaveTextAsync("You are signed out");
        await Expect(first.Posts).ToHaveCountAsync(0);
        Assert.Equal(EndReason.SignedOut, EndReasons.Parse((await App.SessionEventsAsync(session)).Single(entry => entry.Event.Type == AuditEventTypes.SessionEnded).Event.Detail));
        var replaced = (await App.NewestAsync(AuditEventTypes.SignedOut))[0].Event;
        Assert.Equal((new StaffId("demo/mia-chen"), "replaced by a new sign-in in the same browser"), (replaced.Actor.Id, replaced.Detail));

        await second.GoAsync("/users");
        await second.Button("Sign out").ClickAsync();
        await Expect(second.Heading).ToHaveTextAsync("You are signed out");
        foreach (var tab in new[] { first, second })
        {
            await tab.GoAsync("/users");
            await Expect(tab.Heading).ToHaveTextAsync("Sign in");
        }
    }

    [Fact]
    public async Task A_sign_in_that_did_not_work_ends_nothing()
    {
        var first = await OpenAsync("Mia Chen");
        await first.OpenSessionAsync();
        var second = await OpenTabAsync(first.Page.Context);
        await second.GoAsync("/signin");
        await second.Page.EvaluateAsync("document.querySelectorAll('button[name=person]').forEach(button => button.value = 'nobody')");
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in as Ines Duarte" }).ClickAsync();
        await Expect(second.Page.GetByText("You are still signed in as Mia Chen")).ToBeVisibleAsync();

        await Expect(first.ViewOf("Ada Lovelace")).ToBeVisibleAsync();
        Assert.Single(App.LiveSessions);
    }

    [Fact]
    public async Task A_forgotten_browser_that_signs_out_leaves_the_session_of_another_alone()
    {
        var forgotten = await OpenAsync("Mia Chen");
        var working = await OpenAsync("Mia Chen");
        await working.OpenSessionAsync();

        await forgotten.Button("Sign out").ClickAsync();

        await Expect(forgotten.Heading).ToHaveTextAsync("You are signed out");
        await working.Posts.First.Locator("h2 button").ClickAsync();
        await Expect(working.Page.Locator(".post-body")).ToBeVisibleAsync();
        Assert.Single(App.LiveSessions);
    }

    [Fact]
    public async Task Sign_out_in_one_tab_ends_the_other_tab_and_the_session()
    {
        var first = await OpenAsync("Mia Chen");
        await first.OpenSessionAsync();
        var session = first.SessionId;
        var second = await OpenTabAsync(first.Page.Context);
        await second.GoAsync("/users");
        await Expect(second.Heading).ToHaveTextAsync("Find a user");

        await second.Button("Sign out").ClickAsync();

        await Expect(second.Heading).ToHaveTextAsync("You are signed out");
        await Expect(first.Heading).ToHaveTextAsync("You are signed out");
        await Expect(first.Posts).ToHaveCountAsync(0);
        Assert.Empty(App.LiveSessions);
        Assert.Equal(EndReason.SignedOut, EndReasons.Parse((await App.SessionEventsAsync(session)).Single(entry => entry.Event.Type == AuditEventTypes.SessionEnded).Event.Detail));
        await first.Page.ReloadAsync();
        await Expect(first.Heading).ToHaveTextAsync("Sign in");
    }
}
