using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Browser;

/// <summary>
/// Every page in every state. In light and dark, nothing that axe calls serious or critical; there and on a telephone's width,
/// nothing that makes the page scroll sideways.
/// </summary>
[Collection(Looks.Name)]
public sealed class LookTests(ConsoleApp app, Browsers browsers) : BrowserTest(app, browsers)
{
    private readonly List<string> _complaints = [];
    private Look _look;

    public enum Look
    {
        Light,
        Dark,
        Narrow,
    }

    public static TheoryData<Look> Everyone => [Look.Light, Look.Dark, Look.Narrow];

    [Theory]
    [MemberData(nameof(Everyone))]
    public async Task Pages_around_the_sign_in(Look look)
    {
        var tom = await OpenAsync(look);
        tom.ExpectedFault = "404";
        await ShowAsync(tom, "/signin", "Sign in");
        await ShowAsync(tom, "/signed-out", "You are signed out");
        await tom.SignInAsync("Tom Weber");
        await ShowAsync(tom, "/nowhere", "There is no such page");
        await ShowAsync(tom, "/users", "No access yet");
        Assert.True(_complaints.Count == 0, string.Join('\n', _complaints));
    }

    [Fact]
    public async Task The_keyboard_is_seen_wherever_it_is()
    {
        var ines = await OpenAsync(Look.Light, "Ines Duarte");
        await ines.GoAsync("/audit");
        await Expect(ines.Page.Locator("[data-event]").First).ToBeVisibleAsync();
        var unseen = new List<string>();
        var kinds = new HashSet<string>();
        for (var step = 0; step < 45; step++)
        {
            await ines.Page.Keyboard.PressAsync("Tab");
            // A field draws it around itself and its label.
            var (kind, isSeen) = await ines.Page.EvaluateAsync<string>(
                """
                () => {
                    const at = document.activeElement;
                    const shown = [at, at.closest('label, .field')].some(place => place && getComputedStyle(place).outlineStyle !== 'none');
                    return `${at.tagName} ${shown} ${at.outerHTML.slice(0, 200)}`;
                }
                """) is var told && told.Split(' ') is [var tag, var shown, ..] ? (tag, shown == "true") : default;
            kinds.Add(kind!);
            if (!isSeen)
            {
                unseen.Add(told);
            }
        }

        Assert.True(unseen.Count == 0, string.Join('\n', unseen.Distinct()));
        Assert.Superset(new HashSet<string> { "A", "BUTTON", "INPUT", "SELECT" }, kinds);
    }

    /// <summary>Nothing else here would fail if axe, or the width, were no longer looked at.</summary>
    [Fact]
    public async Task What_is_wrong_with_a_page_is_found()
    {
        var tom = await OpenAsync(Look.Light);
        await tom.GoAsync("/signed-out");
        await Expect(tom.Heading).ToHaveTextAsync("You are signed out");
        Assert.Equal([], await FaultsAsync(tom));
        await tom.Page.Locator("main h1").EvaluateAsync("heading => heading.insertAdjacentHTML('afterend', '<button></button><p>Faint</p><div>Wide</div>')");
        await tom.Page.Locator("main h1 ~ p").First.EvaluateAsync("faint => { faint.style.color = '#ddd'; }");
        await tom.Page.Locator("main h1 ~ div").First.EvaluateAsync("wide => { wide.style.width = '2000px'; }");
        Assert.Collection(
            (await FaultsAsync(tom)).Order(StringComparer.Ordinal),
            wide => Assert.EndsWith("px wider than the window", wide, StringComparison.Ordinal),
            nameless => Assert.StartsWith("button-name (critical): <button></button> ", nameless, StringComparison.Ordinal),
            faint => Assert.StartsWith("color-contrast (serious): <p style=", faint, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public async Task Finding_a_user(Look look)
    {
        var mia = await OpenAsync(look, "Mia Chen");
        await ShowAsync(mia, "/users", "Find a user");
        await mia.SearchBox.FillAsync("a");
        await ShownAsync(mia, "search, too short", mia.Page.GetByText("Type at least"));
        await mia.SearchBox.FillAsync("nobody is called so");
        await ShownAsync(mia, "search, nobody", mia.Page.GetByText("Nobody found"));
        await mia.SearchBox.FillAsync("example");
        await ShownAsync(mia, "search, found", mia.UserRows.First);
        await using (await App.LockDatabaseAsync())
        {
            await mia.SearchBox.FillAsync("ada");
            await ShownAsync(mia, "search, failed", mia.Button("Try again"));
        }

        await ShowAsync(mia, "/users/users/doesnotexist000", "No such user");
        await ShowAsync(mia, "/start?user=users/doesnotexist000", "Start a view-as session");
        await mia.OpenUserAsync("q9w8e7r6t5y4u3i", "Adalbert Kiss");
        await ShownAsync(mia, "user, protected", mia.Page.GetByText("Protected", new() { Exact = true }));
        await mia.Button("View as").ClickAsync();
        await ShownAsync(mia, "dialog, not allowed", mia.Field("Reason"));
        await mia.OpenUserAsync();
        await ShownAsync(mia, "user", mia.Button("View as"));
        await mia.Button("View as").ClickAsync();
        await ShownAsync(mia, "dialog, empty", mia.Field("Reason"));
        await mia.Field("Reason").FillAsync(Window.Reason);
        await Expect(mia.Button("Start 15-minute session")).ToBeEnabledAsync();
        await ShownAsync(mia, "dialog, filled in", mia.Button("Start 15-minute session"));
        Assert.True(_complaints.Count == 0, string.Join('\n', _complaints));
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public async Task Viewing_as_a_user(Look look)
    {
        var mia = await OpenAsync(look, "Mia Chen");
        await ShowAsync(mia, "/sessions", "My sessions");
        await ShowAsync(mia, "/sessions/00000000000000000000", "No such session");
        await mia.OpenSessionAsync();
        var session = mia.SessionId;
        await ShownAsync(mia, "posts", mia.Posts.First);
        await mia.Posts.First.Locator("h2 button").ClickAsync();
        await ShownAsync(mia, "post", mia.Page.Locator(".post-body"));
        // What a member wrote to break renderers: long words, tables, foreign markup.
        await ShowAsync(mia, $"/sessions/{session}?post=ph0stile5mark7x");
        await ShowAsync(mia, $"/sessions/{session}?post=doesnotexist000");
        await mia.GoAsync($"/sessions/{session}/collections/posts");
        await mia.Page.GetByRole(AriaRole.Switch, new() { Name = "Follow live" }).ClickAsync();
        await Expect(mia.Page.GetByText("following since")).ToBeVisibleAsync();
        var post = await App.PocketBase.AddPostAsync("A post with a rather long title, which was published while somebody followed", "<p>News</p>");
        await ShownAsync(mia, "followed", mia.Button("Read the list again"));
        await App.PocketBase.RemoveAsync("posts", post);
        await mia.GoAsync("/sessions");
        await ShownAsync(mia, "sessions, live", mia.Page.Locator("tr[data-session-id]"));
        await mia.GoAsync($"/sessions/{session}");
        await mia.Button("End session").ClickAsync();
        await ShownAsync(mia, "ended", mia.Page.GetByText("You ended the session."));
        await mia.Button("Compare with PocketBase's log").ClickAsync();
        await ShownAsync(mia, "ended, compared", mia.Page.GetByText("that it was done is in the audit trail"));
        Assert.True(_complaints.Count == 0, string.Join('\n', _complaints));
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public async Task Managing(Look look)
    {
        var mia = await OpenAsync(look, "Mia Chen");
        await mia.OpenSessionAsync();
        var ruth = await OpenAsync(look, "Ruth Okafor");
        await ruth.GoAsync("/sessions");
        await ShownAsync(ruth, "sessions, live", ruth.Page.Locator("tr[data-session-id]"));
        await ShowAsync(ruth, $"/sessions/{mia.SessionId}", "Live session of Mia Chen");
        await ruth.GoAsync("/staff");
        await ShownAsync(ruth, "staff", ruth.Page.Locator("tr[data-staff-id]").First);
        await ruth.Button("Grant a role").ClickAsync();
        await ShownAsync(ruth, "grant", ruth.Field("Reason"));
        await ruth.EscapeDialogAsync();
        await ruth.ChangeRoleAsync("Revoke", "demo/mia-chen", "Left the support team today");
        await ShownAsync(ruth, "revoke", ruth.Button("Revoke role"));
        await ruth.Button("Revoke role").ClickAsync();
        await ShownAsync(mia, "locked", mia.Page.GetByText("This page is locked for you"));
        await ShowAsync(ruth, "/sessions", "Live sessions");
        Assert.True(_complaints.Count == 0, string.Join('\n', _complaints));
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public async Task Reading_the_trail(Look look)
    {
        await App.FillTrailAsync(80);
        var mia = await OpenAsync(look, "Mia Chen");
        await mia.OpenSessionAsync();
        var ines = await OpenAsync(look, "Ines Duarte");
        await ines.GoAsync("/audit");
        await ShownAsync(ines, "trail", ines.Page.Locator("tr[data-seq]").First);
        await ines.Page.Locator("tr[data-seq]").First.ClickAsync();
        await ShownAsync(ines, "trail, entry", ines.Dialog);
        await ines.EscapeDialogAsync();
        await ines.Page.Locator("tr[data-seq] button[aria-expanded='false']").First.ClickAsync();
        await ShownAsync(ines, "trail, read unfolded", ines.Page.Locator("tr[data-event='read.requested']").First);
        await ines.GoAsync("/audit?fold=sessions&event=session.*,read.requested,users.searched");
        await ines.Page.Locator("tr[data-session-line] button").First.ClickAsync();
        await ShownAsync(ines, "trail, session unfolded", ines.Page.Locator("tr[data-event='session.opened']").First);
        await ines.GoAsync("/audit?outcome=denied&from=2020-01-01&to=2020-01-02&text=nothing");
        await ShownAsync(ines, "trail, empty", ines.Page.GetByText("No event fits these filters."));
        await ines.GoAsync("/audit?event=users.searched");
        await ShownAsync(ines, "trail, filtered", ines.Page.Locator("tr[data-seq]").First);
        await ines.GoAsync("/audit?q=Ada%20evnet:x");
        await ShownAsync(ines, "trail, query that can't be read", ines.Page.GetByText("Character 5"));
        await ines.GoAsync($"/audit/could?duty=ViewAsUsers&day={TimeProvider.System.GetUtcNow():yyyy-MM-dd}&zone=UTC");
        await ShownAsync(ines, "who could do it", ines.Page.Locator("tr[data-staff-id]").First);
        await ines.GoAsync("/setup");
        await ShownAsync(ines, "set-up", ines.Page.Locator("tr[data-check]").First);
        await ines.Button("Test now").ClickAsync();
        await ShownAsync(ines, "set-up, tested", ines.Page.Locator("[data-self-test]"));
        await ShowAsync(ines, "/sessions", "Live sessions");
        Assert.True(_complaints.Count == 0, string.Join('\n', _complaints));
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public async Task Managing_keys(Look look)
    {
        var keys = await App.FillKeysAsync();
        var ines = await OpenAsync(look, "Ines Duarte");
        await ines.GoAsync("/keys");
        await ShownAsync(ines, "keys, every state", ines.Page.Locator($"tr[data-key-id='{keys[0].Id}']"));
        await ines.GoAsync("/keys?text=nothing is called so");
        await ShownAsync(ines, "keys, none fits", ines.Page.GetByText("No key fits"));
        await ines.GoAsync("/keys");
        await ines.Button("Create a key").ClickAsync();
        await ShownAsync(ines, "create, empty", ines.Field("Name"));
        await ines.Field("Name").FillAsync($"look-{look}-{Guid.NewGuid():n}"[..20]);
        await ines.Field("Purpose").FillAsync("Shows what a dialog looks like");
        await ines.Dialog.GetByLabel("Kind").SelectOptionAsync("Superuser");
        await ShownAsync(ines, "create, superuser", ines.Button("Ask for approval"));
        await ines.Dialog.GetByLabel("Kind").SelectOptionAsync("Service");
        await ines.Button("Continue").ClickAsync();
        await ShownAsync(ines, "create, reach", ines.Button("Create key"));
        await ines.Button("Create key").ClickAsync();
        await ShownAsync(ines, "shown once", ines.Field("Key (shown once)"));
        await ines.Button("I have stored the key").ClickAsync();
        await Expect(ines.Dialog).ToHaveCountAsync(0);
        var row = ines.Page.Locator($"tr[data-key-id='{keys[0].Id}']");
        await row.GetByRole(AriaRole.Button, new() { Name = "Rotate" }).ClickAsync();
        await ShownAsync(ines, "rotate", ines.Button("Rotate key"));
        await ines.Button("Cancel").ClickAsync();
        await Expect(ines.Dialog).ToHaveCountAsync(0);
        await row.GetByRole(AriaRole.Button, new() { Name = "Suspend" }).ClickAsync();
        await ines.Field("Reason").FillAsync("Looks odd since yesterday");
        await ines.Button("Suspend key").ClickAsync();
        await ShownAsync(ines, "suspended", ines.Dialog.GetByText("shut out everywhere"));
        await ines.Button("Close").ClickAsync();
        await Expect(ines.Dialog).ToHaveCountAsync(0);
        await row.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
        await ines.Field("Reason").FillAsync("Looks odd since yesterday");
        await Expect(ines.Button("Revoke key")).ToBeEnabledAsync();
        await ShownAsync(ines, "revoke", ines.Button("Revoke key"));
        await ines.Button("Revoke key").ClickAsync();
        await ShownAsync(ines, "revoked", ines.Dialog.GetByText("Proved:"));
        await ines.Button("Close").ClickAsync();
        await Expect(ines.Dialog).ToHaveCountAsync(0);
        await ines.Button("Emergency…").ClickAsync();
        await ShownAsync(ines, "emergency", ines.Field("Reason"));
        await ines.Field("Reason").FillAsync("The laptop with all of them is gone");
        await ines.Field("To confirm").FillAsync("Ines Duarte");
        await ines.Button("Revoke all of them").ClickAsync();
        await ShownAsync(ines, "emergency, over", ines.Dialog.GetByText("keys revoked"));
        Assert.True(_complaints.Count == 0, string.Join('\n', _complaints));
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public async Task Keys_in_a_collection_of_the_apps_own(Look look)
    {
        const string Accounts = "/api/collections/service_accounts", Away = "/api/collections/accounts_put_away";
        await App.PocketBase.AdminAsync(HttpMethod.Patch, Accounts, new JsonObject { ["name"] = "accounts_put_away" });
        try
        {
            await App.PocketBase.AdminAsync(HttpMethod.Post, "/api/collections", new JsonObject { ["name"] = "service_accounts", ["type"] = "auth" });
            var ines = await OpenAsync(look, "Ines Duarte");
            await ines.GoAsync("/keys");
            await ShownAsync(ines, "keys, what they do without", ines.Page.GetByText("Keys work as they are."));
            await ines.Page.GetByText("A migration that adds what is missing").ClickAsync();
            await ShownAsync(ines, "keys, what adds it", ines.Page.GetByLabel("Migration", new() { Exact = true }));

            var fields = (await App.PocketBase.AdminAsync(HttpMethod.Get, Accounts)).GetProperty("fields");
            var more = JsonNode.Parse(fields.GetRawText())!.AsArray();
            more.Add(new JsonObject { ["name"] = "region", ["type"] = "text", ["required"] = true });
            await App.PocketBase.AdminAsync(HttpMethod.Patch, Accounts, new JsonObject { ["fields"] = more });
            await ines.GoAsync("/keys");
            await ShownAsync(ines, "keys, none can be made", ines.Page.GetByText("region (text)"));
            Assert.True(_complaints.Count == 0, string.Join('\n', _complaints));
        }
        finally
        {
            await App.PocketBase.AdminAsync(HttpMethod.Delete, Accounts);
            await App.PocketBase.AdminAsync(HttpMethod.Patch, Away, new JsonObject { ["name"] = "service_accounts" });
        }
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public async Task Being_without_a_connection(Look look)
    {
        var mia = await OpenAsync(look, "Mia Chen");
        mia.ExpectedFault = "";
        await mia.OpenUserAsync();
        await mia.Button("View as").ClickAsync();
        await mia.Field("Reason").FillAsync(Window.Reason);
        var modal = mia.Page.Locator(".reconnect");
        foreach (var state in (string[])["show", "retrying", "failed", "rejected", "paused", "resume-failed"])
        {
            await modal.EvaluateAsync("(modal, state) => modal.dispatchEvent(new CustomEvent('components-reconnect-state-changed', { detail: { state } }))", state);
            await ShownAsync(mia, $"connection, {state}", modal.GetByRole(AriaRole.Button, new() { Name = "Load the page again" }));
            await Expect(modal.Locator("p:visible")).ToHaveCountAsync(1);
        }

        await mia.Page.ReloadAsync();
        await ShownAsync(mia, "typed before", mia.Page.GetByText("You had typed this"));
        await mia.Button("Forget it").ClickAsync();
        await mia.Page.Locator("main h1").EvaluateAsync("heading => heading.firstChild.replaceWith(document.createElement('font'))");
        await ShownAsync(mia, "translated", mia.Page.GetByText("Your browser tried to translate this page."));
        await mia.Page.RouteAsync("**/_blazor/negotiate*", route => route.AbortAsync());
        await mia.Page.Clock.InstallAsync(); // The window waits for a while before it says so.
        await mia.GoAsync("/users");
        await mia.Page.Clock.FastForwardAsync(10_000);
        await ShownAsync(mia, "no socket", mia.Page.GetByText("This window gets no WebSocket connection"));
        await mia.Page.RouteAsync("**/no-socket", route => route.AbortAsync());
        await mia.GoAsync("/users");
        await mia.Page.Clock.FastForwardAsync(10_000);
        await ShownAsync(mia, "no answer", mia.Page.GetByText("The console doesn't answer any more"));
        Assert.True(_complaints.Count == 0, string.Join('\n', _complaints));
    }

    /// <summary>The view-as window, the locked one and the others are different layouts; none begins in colours that nobody chose.</summary>
    [Fact]
    public async Task Another_layout_begins_in_the_colours_of_the_one_before()
    {
        var mia = await OpenAsync(Look.Dark, "Mia Chen");
        await mia.OpenSessionAsync();
        await InItsColoursAsync(mia);
        await mia.Page.EvaluateAsync("""
            window.seen = new Set();
            const note = () => seen.add(getComputedStyle(document.documentElement).getPropertyValue('--mud-palette-background').trim());
            new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true });
            """);
        await mia.Button("End session").ClickAsync();
        await mia.Page.GetByRole(AriaRole.Link, new() { Name = "Find a user" }).ClickAsync();
        await Expect(mia.SearchBox).ToBeVisibleAsync();
        await Expect(mia.Button("Use light colours")).ToBeVisibleAsync();
        Assert.Equal(["rgba(18,20,27,1)"], await mia.Page.EvaluateAsync<string[]>("[...seen]"));
    }

    private Task<Window> OpenAsync(Look look, string? person = null)
    {
        _look = look;
        return OpenAsync(person, look == Look.Dark ? ColorScheme.Dark : ColorScheme.Light, look == Look.Narrow ? 390 : 1280);
    }

    private async Task ShowAsync(Window window, string path, string? heading = null)
    {
        await window.GoAsync(path);
        await ShownAsync(window, path, heading is null ? window.Heading : window.Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = heading }));
    }

    private async Task ShownAsync(Window window, string state, ILocator sign)
    {
        await Expect(sign).ToBeVisibleAsync();
        await InItsColoursAsync(window);
        _complaints.AddRange((await FaultsAsync(window, accessible: _look != Look.Narrow)).Select(fault => $"{state}: {fault}"));
    }

    /// <summary>A window learns from its browser which colours are wanted, and has the others until then.</summary>
    private static async Task InItsColoursAsync(Window window) => await window.Page.WaitForFunctionAsync("""
        () => {
          const dark = colour => colour.match(/[\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) < 384;
          const probe = document.querySelector('.mud-layout, .view-frame, main') ?? document.body;
          const page = getComputedStyle(document.body).backgroundColor, text = getComputedStyle(probe).color;
          const wanted = matchMedia('(prefers-color-scheme: dark)').matches;
          return dark(page) === wanted && dark(text) !== wanted;
        }
        """);
}
