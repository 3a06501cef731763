using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>From the search box to the end page, and what the trail says of it.</summary>
[Collection(Journeys.Name)]
public sealed partial class ViewAsJourneyTests(ConsoleApp app, Browsers browsers) : BrowserTest(app, browsers)
{
    [Fact]
    public async Task Agent_sees_what_Ada_sees_and_the_admin_sees_that_no_token_left_the_server()
    {
        var mia = await OpenAsync("Mia Chen", keepsBodies: true);
        await mia.SearchBox.PressSequentiallyAsync("ada");
        await Expect(mia.Page.Locator($"tr[data-record-id='{Window.AdaId}']")).ToBeVisibleAsync();
        await Expect(mia.Page).ToHaveURLAsync(new Regex(@"/users\?q=ada$"));
        await mia.Page.Locator($"tr[data-record-id='{Window.AdaId}']").GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Ada Lovelace");

        await mia.Button("View as").ClickAsync();
        await Expect(mia.Button("Start 15-minute session")).ToBeDisabledAsync();
        await mia.StartAsync(ticket: "SUP-4821");
        await Expect(mia.ViewOf("Ada Lovelace")).ToBeVisibleAsync();
        await Expect(mia.Page).ToHaveTitleAsync(new Regex("^Viewing as Ada Lovelace"));
        await Expect(mia.ViewOf("Ada Lovelace")).ToContainTextAsync("SUP-4821");
        await Expect(mia.Posts.First).ToBeVisibleAsync();
        var session = mia.SessionId;

        var shown = await mia.PostIdsAsync();
        var official = (await OfficialClient.VisiblePostsAsync(App.PocketBase, Window.AdaId))[Window.AdaId];
        Assert.Equal(official.Take(shown.Count), shown);
        Assert.Equal(Math.Min(20, official.Count), shown.Count);

        await mia.Posts.First.Locator("h2 button").ClickAsync();
        await Expect(mia.Page.Locator(".post-body")).ToBeVisibleAsync();
        Assert.Equal([shown[0]], await mia.PostIdsAsync());

        await mia.Button("End session").ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Session ended");
        await Expect(mia.Page.GetByText("You ended the session.")).ToBeVisibleAsync();
        await Expect(mia.Posts).ToHaveCountAsync(0);

        var ines = await OpenAsync("Ines Duarte", keepsBodies: true);
        await ines.GoAsync($"/audit?session={session}");
        foreach (var type in (string[])[
            AuditEventTypes.SessionRequested, AuditEventTypes.SessionOpened, AuditEventTypes.RecordsListed, AuditEventTypes.RecordViewed, AuditEventTypes.SessionEnded])
        {
            var row = ines.Page.Locator($"tr[data-event='{type}']");
            await Expect(row).ToHaveCountAsync(1);
            await Expect(row).ToContainTextAsync("Mia Chen");
        }

        var entries = await App.SessionEventsAsync(session);
        Assert.All(entries, entry => Assert.Equal(new StaffId("demo/mia-chen"), entry.Event.Actor.Id));
        Assert.All(entries, entry => Assert.Equal(Window.AdaId, entry.Event.Subject?.Id));
        Assert.Equal(shown, entries.Single(entry => entry.Event.Type == AuditEventTypes.RecordsListed).Event.Target!.RecordIds);
        Assert.Equal([shown[0]], entries.Single(entry => entry.Event.Type == AuditEventTypes.RecordViewed).Event.Target!.RecordIds);

        Assert.DoesNotContain(await mia.TrafficAsync(), Tokens.Shape().IsMatch);
        Assert.DoesNotContain(await ines.TrafficAsync(), Tokens.Shape().IsMatch);
        Assert.Empty(App.FilesWith(Tokens.Shape()));
        await AssertTheScannerWouldFindATokenAsync(mia);
    }

    [Fact]
    public async Task A_followed_list_is_followed_again_by_whoever_goes_back_to_it_or_reloads_it()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenSessionAsync();
        var session = mia.SessionId;
        await mia.GoAsync($"/sessions/{session}/collections/posts");
        var (follow, following) = (mia.Page.GetByRole(AriaRole.Switch, new() { Name = "Follow live" }), mia.Page.GetByText("following since"));
        await follow.ClickAsync();
        await Expect(following).ToBeVisibleAsync();
        await Expect(mia.Page).ToHaveURLAsync(new Regex(@"/collections/posts\?follow=1$"));

        await mia.Page.Locator("tr[data-record-id] a").First.ClickAsync();
        await Expect(mia.Page).ToHaveURLAsync(new Regex(@"follow=1&record="));
        await Expect(follow).ToHaveCountAsync(0);
        await mia.Page.GoBackAsync();
        await Expect(following).ToBeVisibleAsync();
        await Expect(follow).ToBeCheckedAsync();
        await mia.Page.ReloadAsync();
        await Expect(following).ToBeVisibleAsync();
        await follow.ClickAsync();
        await Expect(mia.Page).ToHaveURLAsync(new Regex(@"/collections/posts$"));
        await Expect(following).ToHaveCountAsync(0);

        var asked = (await App.SessionEventsAsync(session)).Count(entry => entry.Event is { Type: AuditEventTypes.ReadRequested, Detail: AuditEventTypes.RecordsFollowed });
        Assert.Equal(3, asked);
        await mia.Button("End session").ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Session ended");
    }

    [Fact]
    public async Task Deep_link_fills_the_dialog_and_starts_nothing()
    {
        var mia = await OpenAsync("Mia Chen");

        await mia.GoAsync($"/start?user=users/{Window.AdaId}&ticket=SUP-77&reason={Uri.EscapeDataString(Window.Reason)}");

        await Expect(mia.Field("Reason")).ToHaveValueAsync(Window.Reason);
        await Expect(mia.Field("Ticket")).ToHaveValueAsync("SUP-77");
        await Expect(mia.Button("Start 15-minute session")).ToBeEnabledAsync();
        Assert.Empty(App.LiveSessions);
        await mia.Button("Start 15-minute session").ClickAsync();
        await Expect(mia.ViewOf("Ada Lovelace")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Keyboard_alone_finds_opens_and_ends()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.GoAsync("/sessions");
        await Expect(mia.Heading).ToHaveTextAsync("My sessions");
        // The page takes the focus to its heading once it has arrived; a key before that would be lost.
        await Expect(mia.Heading).ToBeFocusedAsync();
        await mia.Page.Keyboard.PressAsync("/");
        await Expect(mia.SearchBox).ToBeFocusedAsync();
        await mia.Page.Keyboard.TypeAsync("ada");
        await mia.Page.Keyboard.PressAsync("Enter");
        await Expect(mia.UserRows.First).ToBeVisibleAsync();
        await Expect(mia.SearchBox).ToBeFocusedAsync();

        await mia.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(mia.UserRows.First).ToBeFocusedAsync();
        await mia.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(mia.UserRows.Nth(1)).ToBeFocusedAsync();
        await mia.Page.Keyboard.PressAsync("ArrowUp");
        await Expect(mia.UserRows.First).ToBeFocusedAsync();
        var chosen = await mia.UserRows.First.GetAttributeAsync("data-record-id");
        await mia.Page.Keyboard.PressAsync("v");
        await Expect(mia.Dialog).ToBeVisibleAsync();
        await Expect(mia.Field("Reason")).ToBeFocusedAsync();
        await mia.EscapeDialogAsync();

        await mia.UserRows.First.FocusAsync();
        await mia.Page.Keyboard.PressAsync("Enter");
        await Expect(mia.Page).ToHaveURLAsync(new Regex($"/users/users/{chosen}$"));
        await mia.OpenSessionAsync();
        await mia.Page.Keyboard.PressAsync("Alt+Shift+E");
        await Expect(mia.Heading).ToHaveTextAsync("Session ended");
    }

    [Fact]
    public async Task User_whose_sessions_were_ended_is_no_longer_shown()
    {
        var mia = await OpenAsync("Mia Chen");
        await mia.OpenSessionAsync();
        var session = mia.SessionId;
        var everybodys = mia.Posts.Filter(new() { HasText = "published" }).First.Locator("h2 button");
        await App.PocketBase.RotateTokenKeyAsync(Window.AdaId);

        await everybodys.ClickAsync();

        await Expect(mia.Heading).ToHaveTextAsync("Session ended");
        await Expect(mia.Page.GetByText("PocketBase stopped accepting the session's token")).ToBeVisibleAsync();
        await Expect(mia.Posts).ToHaveCountAsync(0);
        await Expect(mia.Page.Locator(".post-body")).ToHaveCountAsync(0);
        var entries = await App.SessionEventsAsync(session);
        Assert.DoesNotContain(entries, entry => entry.Event.Type == AuditEventTypes.RecordViewed && entry.Event.Outcome == AuditOutcome.Success);
        Assert.Equal(EndReason.TokenRejected, EndReasons.Parse(entries.Single(entry => entry.Event.Type == AuditEventTypes.SessionEnded).Event.Detail));
    }

    // What is looked for is put where it must not be: were the scanner blind, this would show it.
    private async Task AssertTheScannerWouldFindATokenAsync(Window window)
    {
        var token = Tokens.Make(Window.AdaId, "users", TimeProvider.System.GetUtcNow());
        await window.GoAsync("/users");
        await window.SearchBox.FillAsync(token);
        await Expect(window.Page.GetByText("Nobody found")).ToBeVisibleAsync();
        await window.GoAsync($"/signin?returnUrl=/{token}");
        Assert.Contains(window.FramesSent, Tokens.Shape().IsMatch);
        Assert.Contains(window.FramesReceived, Tokens.Shape().IsMatch);
        Assert.Contains(await window.TrafficAsync(), text => text.Contains("<html", StringComparison.Ordinal) && Tokens.Shape().IsMatch(text[text.IndexOf("<html", StringComparison.Ordinal)..]));

        await window.OpenSessionAsync($"The user sent {token}");
        await window.Button("End session").ClickAsync();
        await Expect(window.Heading).ToHaveTextAsync("Session ended");
        Assert.NotEmpty(App.FilesWith(Tokens.Shape()));
    }
}
