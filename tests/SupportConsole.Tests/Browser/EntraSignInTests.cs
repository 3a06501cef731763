using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Roles;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;
using static SupportConsole.Tests.TestKit.EntraConsole;

namespace SupportConsole.Tests.Browser;

/// <summary>Signing in, confirming and signing out at a provider, as it should go and as attackers would have it.</summary>
[Collection(Tenants.Name)]
public sealed class EntraSignInTests(EntraConsole app, Browsers browsers) : BrowserTest(app, browsers)
{
    private const string Elsebody = "8d2a51de-0000-4000-8000-0000000000ff";

    protected override Uri[] Elsewhere => [app.Tenant.Instance];

    [Fact]
    public async Task The_first_manager_signs_in_and_becomes_one_once()
    {
        var bo = await OpenAsync();
        await bo.GoAsync("/staff");
        await SignInAsync(bo, Bo);

        await Expect(bo.Page).ToHaveURLAsync(new Uri(app.Root, "/staff").ToString());
        await Expect(bo.Heading).ToHaveTextAsync("Staff & roles");
        await Expect(bo.Page.Locator($"tr[data-staff-id='{IdOf(Bo)}']")).ToContainTextAsync("Bo Strand");

        var again = await OpenAsync();
        await again.GoAsync("/");
        await SignInAsync(again, Bo);
        await Expect(again.Heading).ToBeVisibleAsync();
        var granted = (await app.NewestAsync(AuditEventTypes.RoleGranted)).Where(entry => entry.Event.Subject!.Id == IdOf(Bo).Value);
        Assert.Equal("Named in SignIn:BootstrapManagers", Assert.Single(granted).Event.Reason);
        var signedIn = (await app.NewestAsync(AuditEventTypes.SignedIn))[0].Event;
        Assert.Equal((IdOf(Bo), "Bo Strand", "127.0.0.1"), (signedIn.Actor.Id, signedIn.Actor.Name, signedIn.ClientAddress));
    }

    [Fact]
    public async Task Cookies_of_the_sign_in_are_the_hosts_own_and_hold_no_token()
    {
        var nora = await OpenAsync(keepsBodies: true);
        await nora.GoAsync("/users");
        await SignInAsync(nora, Nora);
        await Expect(nora.Heading).ToHaveTextAsync("Find a user");

        var cookies = (await nora.Page.Context.CookiesAsync([app.Root.ToString()])).Where(cookie => cookie.Name.Contains("Console", StringComparison.Ordinal)).ToList();
        Assert.Contains(cookies, cookie => cookie.Name == "__Host-SupportConsole" && cookie.SameSite == SameSiteAttribute.Lax);
        Assert.All(cookies, cookie => Assert.True(cookie.Name.StartsWith("__Host-", StringComparison.Ordinal) && cookie.Secure && cookie.HttpOnly, cookie.Name));
        Assert.Empty(app.FilesWith(Tokens.Shape()));
        Assert.DoesNotContain(await nora.TrafficAsync(), text => text.StartsWith(app.Root.ToString(), StringComparison.Ordinal) && Tokens.Shape().IsMatch(text));
    }

    [Fact]
    public async Task Somebody_without_the_app_role_is_refused_and_told_whom_to_ask()
    {
        var ravi = await OpenAsync();
        await ravi.GoAsync("/users");
        await SignInAsync(ravi, Ravi);

        await Expect(ravi.Heading).ToHaveTextAsync("You aren't signed in");
        await Expect(ravi.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("assign you the application's role");
        await AssertRefusedAsync("app role missing", IdOf(Ravi));
        await AssertStrangerAsync(ravi);
    }

    [Fact]
    public async Task Roles_in_the_token_open_nothing()
    {
        var sven = await OpenAsync();
        await sven.GoAsync("/");
        await SignInAsync(sven, Sven);

        await Expect(sven.Heading).ToHaveTextAsync("No access yet");
        foreach (var path in (string[])["/staff", "/audit", "/users", "/sessions"])
        {
            await sven.GoAsync(path);
            await Expect(sven.Heading).ToHaveTextAsync("No access yet");
        }

        Assert.Empty((await app.Services.GetRequiredService<RoleBook>().FindAsync(IdOf(Sven), CancellationToken.None))!.Roles);
    }

    [Fact]
    public async Task A_token_that_is_not_for_this_console_signs_nobody_in()
    {
        const string otherTenant = "8d2a51de-9999-4000-8000-000000000001";
        (JsonObject Claims, bool OtherKey)[] forgeries =
        [
            (new() { ["tid"] = otherTenant }, false),
            (new() { ["tid"] = null }, false),
            (new() { ["tid"] = otherTenant, ["iss"] = $"https://login.microsoftonline.com/{otherTenant}/v2.0" }, false),
            (new() { ["iss"] = "https://evil.example/" }, false),
            (new() { ["aud"] = "8d2a51de-9999-4000-8000-000000000002" }, false),
            (new() { ["aud"] = null }, false),
            (new() { ["exp"] = 1_700_000_000, ["iat"] = 1_699_990_000 }, false),
            (new() { ["nbf"] = 4_000_000_000, ["exp"] = 4_000_009_000 }, false),
            (new() { ["nonce"] = "of another request" }, false),
            (new() { ["nonce"] = null }, false),
            (new() { ["oid"] = null }, false),
            (new() { ["oid"] = Nora.Email }, false),
            ([], true),
        ];
        foreach (var (claims, otherKey) in forgeries)
        {
            var what = claims.ToJsonString();
            await app.Tenant.ForgeAsync(claims, otherKey);
            var window = await OpenAsync();
            await window.GoAsync("/users");
            await SignInAsync(window, Nora);

            Assert.Equal((what, "You aren't signed in"), (what, await window.Heading.InnerTextAsync()));
            await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("couldn't be accepted");
            await AssertRefusedAsync("answer rejected", new StaffId("unknown"));
            await AssertStrangerAsync(window);
            await window.Page.CloseAsync();
        }
    }

    [Fact]
    public async Task An_answer_that_was_used_already_or_never_asked_for_signs_nobody_in()
    {
        var window = await OpenAsync();
        var answers = new List<string>();
        window.Page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { AbsolutePath: "/signin-oidc" } asked)
            {
                answers.Add(asked.Query.TrimStart('?'));
            }
        };
        await window.GoAsync("/users");
        await SignInAsync(window, Nora);
        await Expect(window.Heading).ToHaveTextAsync("Find a user");

        var stranger = await OpenAsync();
        foreach (var (browser, answer) in new[] { (window, answers[0]), (stranger, answers[0]), (stranger, "code=abc&state=abc"), (stranger, "error=access_denied"), (stranger, "") })
        {
            var there = new Uri(app.Root, "/signin-oidc").ToString();
            IAPIResponse[] tries =
            [
                await browser.Page.Context.APIRequest.GetAsync($"{there}?{answer}", new() { MaxRedirects = 0 }),
                await browser.Page.Context.APIRequest.PostAsync(there, new()
                {
                    Data = answer, Headers = [new("Content-Type", "application/x-www-form-urlencoded")], MaxRedirects = 0,
                }),
            ];
            Assert.All(tries, given =>
            {
                Assert.Equal(302, given.Status);
                Assert.StartsWith("/signin?failed=", given.Headers["location"], StringComparison.Ordinal);
                Assert.DoesNotContain(given.HeadersArray, header => header.Value.StartsWith("__Host-SupportConsole=", StringComparison.Ordinal));
            });
        }

        await AssertStrangerAsync(stranger);
    }

    [Fact]
    public async Task A_sign_in_abandoned_again_and_again_leaves_few_cookies_and_locks_nobody_out()
    {
        var nora = await OpenAsync();
        for (var i = 0; i < 25; i++)
        {
            await nora.GoAsync("/signin/entra?returnUrl=/users");
            await Expect(nora.Heading).ToHaveTextAsync("Pick an account");
        }

        var left = (await nora.Page.Context.CookiesAsync([app.Root.ToString()])).Where(cookie => cookie.Name.Contains("Console", StringComparison.Ordinal)).ToList();
        Assert.Equal((5, 5), (left.Count(cookie => cookie.Name.Contains(".Nonce.", StringComparison.Ordinal)), left.Count(cookie => cookie.Name.Contains(".Correlation.", StringComparison.Ordinal))));
        Assert.InRange(left.Sum(cookie => cookie.Name.Length + cookie.Value.Length + 3), 1, 4000);
        await nora.Page.GetByRole(AriaRole.Link, new() { Name = Nora.Name }).ClickAsync();
        await Expect(nora.Heading).ToHaveTextAsync("Find a user");
    }

    [Fact]
    public async Task A_page_elsewhere_that_asks_for_sign_ins_by_pictures_and_frames_starts_none()
    {
        var nora = await OpenAsync();
        nora.ExpectedFault = "";
        await nora.GoAsync("/signin");
        var asked = new List<string>();
        nora.Page.Request += (_, request) =>
        {
            if (request.Url.Contains("/signin/entra", StringComparison.Ordinal))
            {
                asked.Add(request.Url);
            }
        };
        var address = new Uri(app.Root, "/signin/entra");
        await nora.Page.GotoAsync("about:blank");
        await nora.Page.SetContentAsync(
            string.Concat(Enumerable.Range(0, 30).Select(i => $"<img src='{address}?i={i}'>")) + $"<iframe src='{address}?frame'></iframe><link rel='prefetch' href='{address}?later'>",
            new() { WaitUntil = WaitUntilState.Load });
        await nora.Page.EvaluateAsync("address => fetch(address, { mode: 'no-cors', credentials: 'include' }).then(() => 0, () => 0)", address + "?fetch");

        Assert.InRange(asked.Count, 32, 33); // The prefetch may wait for a quieter moment.
        Assert.DoesNotContain(await nora.Page.Context.CookiesAsync([app.Root.ToString()]), cookie => cookie.Name.Contains("Nonce", StringComparison.Ordinal) || cookie.Name.Contains("Correlation", StringComparison.Ordinal));
        await nora.GoAsync("/users");
        await SignInAsync(nora, Nora);
        await Expect(nora.Heading).ToHaveTextAsync("Find a user");
    }

    [Fact]
    public async Task Somebody_renamed_is_the_same_person_and_somebody_with_their_address_is_not()
    {
        var nora = await OpenAsync();
        await nora.GoAsync("/users");
        await SignInAsync(nora, Nora);
        await Expect(nora.Heading).ToHaveTextAsync("Find a user");

        var renamed = Nora with { Name = "Nora Lind-Berg", Email = "nora.berg@corp.example" };
        await app.Tenant.ChangeAsync(renamed);
        var later = await OpenAsync();
        await later.GoAsync("/users");
        await SignInAsync(later, renamed);
        await Expect(later.Heading).ToHaveTextAsync("Find a user");
        await Expect(later.Page.GetByText("Nora Lind-Berg")).ToBeVisibleAsync();

        var other = new EntraAccount(Elsebody, "Nora Again", Nora.Email, "Console.User");
        await app.Tenant.ChangeAsync(other);
        var newcomer = await OpenAsync();
        await newcomer.GoAsync("/users");
        await SignInAsync(newcomer, other);
        await Expect(newcomer.Heading).ToHaveTextAsync("No access yet");
        await app.Tenant.ChangeAsync(Nora);
    }

    [Fact]
    public async Task A_provider_that_is_down_is_explained_and_works_again_when_it_is_back()
    {
        var window = await OpenAsync();
        await window.GoAsync("/users");
        await app.Tenant.GoDownAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Microsoft" }).ClickAsync();

        await Expect(window.Heading).ToHaveTextAsync("You aren't signed in");
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("can't be reached at the moment");
        await AssertRefusedAsync("provider unreachable", new StaffId("unknown"));

        await app.Tenant.ComeBackAsync();
        await SignInAsync(window, Nora);
        await Expect(window.Heading).ToHaveTextAsync("Find a user");
        await Expect(window.Page).ToHaveURLAsync(new Uri(app.Root, "/users").ToString());
    }

    [Fact]
    public async Task Signing_in_in_two_tabs_of_a_browser_leaves_one_sign_in()
    {
        var first = await OpenAsync();
        await first.GoAsync("/users");
        var second = await OpenTabAsync(first.Page.Context);
        await second.GoAsync("/");
        // Both on their way to the provider before either is back.
        await second.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Microsoft" }).ClickAsync();
        await SignInAsync(first, Nora);
        await Expect(first.Heading).ToHaveTextAsync("Find a user");

        await second.Page.GetByRole(AriaRole.Link, new() { Name = Sven.Name, Exact = true }).ClickAsync();
        await Expect(second.Heading).ToHaveTextAsync("No access yet");
        await Expect(first.Heading).ToHaveTextAsync("You are signed out");
        var replaced = (await app.NewestAsync(AuditEventTypes.SignedOut))[0].Event;
        Assert.Equal((IdOf(Nora), "replaced by a new sign-in in the same browser"), (replaced.Actor.Id, replaced.Detail));
    }

    [Fact]
    public async Task A_sign_in_that_is_refused_or_forged_replaces_nothing()
    {
        var first = await OpenAsync();
        await first.GoAsync("/users");
        await SignInAsync(first, Nora);
        await Expect(first.Heading).ToHaveTextAsync("Find a user");
        var second = await OpenTabAsync(first.Page.Context);
        foreach (var claims in (JsonObject[])[new() { ["roles"] = null }, new() { ["nonce"] = "of another request" }])
        {
            await app.Tenant.ForgeAsync(claims);
            await second.GoAsync("/signin/entra?returnUrl=/");
            await Expect(second.Page.GetByText("You are still signed in as Nora Lind")).ToBeVisibleAsync();
        }

        await first.SearchBox.FillAsync("ada");
        await Expect(first.UserRows.First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Signing_out_ends_it_here_and_at_the_provider()
    {
        var nora = await OpenAsync();
        await nora.GoAsync("/users");
        await SignInAsync(nora, Nora);
        var other = await OpenTabAsync(nora.Page.Context);
        await other.GoAsync("/sessions");
        await Expect(other.Heading).ToHaveTextAsync("My sessions");

        await nora.Button("Sign out").ClickAsync();
        await Expect(other.Page.GetByText("You are signed out")).ToBeVisibleAsync();
        await nora.Button("Sign out of the tenant").ClickAsync();

        await Expect(nora.Page.GetByText("You are signed out at Microsoft too")).ToBeVisibleAsync();
        await AssertStrangerAsync(nora);
        await nora.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Microsoft" }).ClickAsync();
        await Expect(nora.Heading).ToHaveTextAsync("Pick an account");
    }

    [Fact]
    public async Task Signing_out_works_here_while_the_provider_is_down_and_says_what_is_left()
    {
        var nora = await OpenAsync();
        await nora.GoAsync("/users");
        await SignInAsync(nora, Nora);
        await Expect(nora.Heading).ToHaveTextAsync("Find a user");
        await app.Tenant.GoDownAsync();

        await nora.Button("Sign out").ClickAsync();

        await Expect(nora.Page.GetByText("Microsoft can't be reached")).ToBeVisibleAsync();
        Assert.Equal(IdOf(Nora), (await app.NewestAsync(AuditEventTypes.SignedOut))[0].Event.Actor.Id);
        await AssertStrangerAsync(nora);
        await app.Tenant.ComeBackAsync();
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/users")]
    [InlineData("/\\evil.example/users")]
    public async Task A_return_address_of_another_site_leads_to_the_start_page(string returnUrl)
    {
        var nora = await OpenAsync();
        await nora.GoAsync($"/signin/entra?returnUrl={Uri.EscapeDataString(returnUrl)}");
        await nora.Page.GetByRole(AriaRole.Link, new() { Name = Nora.Name }).ClickAsync();

        await Expect(nora.Heading).ToHaveTextAsync("Find a user");
        Assert.Equal(app.Root.Authority, new Uri(nora.Page.Url).Authority);
    }

    [Theory]
    [InlineData("started_at", 8 * 60, "8 hours after the sign-in")]
    [InlineData("seen_at", 30, "idle for 30 minutes")]
    public async Task A_window_and_a_cookie_that_outlive_the_sign_in_are_worth_nothing(string column, int minutes, string why)
    {
        var nora = await OpenAsync();
        await nora.GoAsync("/users");
        await SignInAsync(nora, Nora);
        await nora.OpenSessionAsync();
        var closed = await OpenTabAsync(nora.Page.Context);
        await closed.GoAsync("/users");
        await Expect(closed.Heading).ToHaveTextAsync("Find a user");
        await closed.Page.CloseAsync();

        await app.AgeAsync(Nora, column, TimeSpan.FromMinutes(minutes));

        await Expect(nora.Page.GetByText("You are signed out")).ToBeVisibleAsync();
        await Expect(nora.Posts).ToHaveCountAsync(0);
        Assert.Empty(app.LiveSessions);
        // Windows hear of an end before it is written down.
        await Waiting.UntilAsync(
            async () => (await app.NewestAsync(AuditEventTypes.SignedOut)).Select(entry => (entry.Event.Actor.Id, entry.Event.Detail)).FirstOrDefault() == (IdOf(Nora), why), seconds: 20);
        var again = await OpenTabAsync(nora.Page.Context);
        await AssertStrangerAsync(again);
    }

    [Fact]
    public async Task Opening_a_session_after_a_while_asks_the_provider_again_and_keeps_what_was_typed()
    {
        var nora = await OpenAsync();
        await nora.GoAsync("/users");
        await SignInAsync(nora, Nora);
        await FillAndStartAsync(nora);

        // The provider's own page, asked to have the person prove it anew.
        await Expect(nora.Heading).ToHaveTextAsync("Pick an account");
        await Expect(nora.Page.Locator("#asked")).ToHaveTextAsync("prompt login, hint nora@corp.example");
        await nora.Page.GetByRole(AriaRole.Link, new() { Name = Nora.Name }).ClickAsync();

        await AssertKeptAsync(nora);
        Assert.Empty(app.LiveSessions);
        await nora.Button("Start 30-minute session").ClickAsync();
        await Expect(nora.ViewOf("Ada Lovelace")).ToBeVisibleAsync();
        var session = Assert.Single(app.LiveSessions);
        Assert.Equal((Window.Reason, "SUP-4711", "Account question"), (session.Purpose.Reason, session.Purpose.Ticket, session.Purpose.Category));
        Assert.Equal(IdOf(Nora), (await app.NewestAsync(AuditEventTypes.Reauthenticated))[0].Event.Actor.Id);
    }

    [Fact]
    public async Task A_confirmation_by_somebody_else_confirms_nothing_and_the_form_waits()
    {
        var nora = await OpenAsync();
        await nora.GoAsync("/users");
        await SignInAsync(nora, Nora);
        await FillAndStartAsync(nora);
        await nora.Page.GetByRole(AriaRole.Link, new() { Name = Bo.Name }).ClickAsync();

        await Expect(nora.Heading).ToHaveTextAsync("Nothing was confirmed");
        await Expect(nora.Page.GetByText("You are still signed in as Nora Lind")).ToBeVisibleAsync();
        await AssertRefusedAsync("confirmed by another person", IdOf(Bo));
        await nora.Page.GetByRole(AriaRole.Link, new() { Name = "Try again" }).ClickAsync();
        await nora.Page.GetByRole(AriaRole.Link, new() { Name = Nora.Name }).ClickAsync();
        await AssertKeptAsync(nora);
    }

    [Fact]
    public async Task Turning_back_at_the_provider_leaves_everything_as_it_was()
    {
        var nora = await OpenAsync();
        await nora.GoAsync("/users");
        await SignInAsync(nora, Nora);
        // The provider sends its error along with a page of that status.
        nora.ExpectedFault = "status of 400";
        await FillAndStartAsync(nora);
        await nora.Page.GetByRole(AriaRole.Link, new() { Name = "Cancel" }).ClickAsync();

        await Expect(nora.Heading).ToHaveTextAsync("Nothing was confirmed");
        await AssertRefusedAsync("cancelled", new StaffId("unknown"));
        await nora.Page.GetByRole(AriaRole.Link, new() { Name = "Back to what you were doing" }).ClickAsync();
        await AssertKeptAsync(nora);
        Assert.Empty(app.LiveSessions);
    }

    [Theory]
    [InlineData("""{ "auth_time": 1700000000 }""")]
    [InlineData("""{ "auth_time": null }""")]
    public async Task A_provider_that_does_not_ask_again_confirms_nothing(string claims)
    {
        var nora = await OpenAsync();
        await nora.GoAsync("/users");
        await SignInAsync(nora, Nora);
        await app.Tenant.ForgeAsync(JsonNode.Parse(claims)!.AsObject());
        await FillAndStartAsync(nora);
        await nora.Page.GetByRole(AriaRole.Link, new() { Name = Nora.Name }).ClickAsync();

        await Expect(nora.Heading).ToHaveTextAsync("Nothing was confirmed");
        await Expect(nora.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("auth_time");
        await AssertRefusedAsync("proof of identity too old", IdOf(Nora));
    }

    [Fact]
    public async Task Changing_a_role_after_a_while_asks_the_provider_again_and_keeps_what_was_typed()
    {
        var nora = await OpenAsync();
        await nora.GoAsync("/users");
        await SignInAsync(nora, Nora);
        await Expect(nora.Heading).ToHaveTextAsync("Find a user");
        var bo = await OpenAsync();
        await bo.GoAsync("/staff");
        await SignInAsync(bo, Bo);
        await Expect(bo.Heading).ToHaveTextAsync("Staff & roles");
        await app.AgeAsync(Bo, "proven_at", TimeSpan.FromMinutes(31));

        await bo.ChangeRoleAsync("Revoke", IdOf(Nora).Value, "Moves to another team today");
        await Expect(bo.Dialog.GetByText("It is a while since you proved who you are")).ToBeVisibleAsync();
        await bo.Button("Revoke role").ClickAsync();
        await bo.Page.GetByRole(AriaRole.Link, new() { Name = Bo.Name }).ClickAsync();

        await Expect(bo.Dialog).ToContainTextAsync("Revoke a role of Nora Lind");
        await Expect(bo.Field("Reason")).ToHaveValueAsync("Moves to another team today");
        await Expect(nora.Heading).ToHaveTextAsync("Find a user");
        await bo.Button("Revoke role").ClickAsync();
        await Expect(nora.Page.GetByText("This page is locked for you")).ToBeVisibleAsync();
    }

    private async Task SignInAsync(Window window, EntraAccount account)
    {
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Microsoft" }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = account.Name, Exact = true }).ClickAsync();
        await Expect(window.Page).ToHaveURLAsync(new Regex($"^{Regex.Escape(app.Root.ToString())}(?!signin-oidc|signin\\?returnUrl)"));
    }

    private async Task FillAndStartAsync(Window nora)
    {
        await nora.OpenUserAsync();
        await app.AgeAsync(Nora, "proven_at", TimeSpan.FromMinutes(31));
        await nora.Button("View as").ClickAsync();
        await Expect(nora.Dialog.GetByText("It is a while since you proved who you are")).ToBeVisibleAsync();
        await Expect(nora.Field("Reason")).ToBeFocusedAsync();
        await nora.Field("Reason").FillAsync(Window.Reason);
        await nora.Field("Ticket").FillAsync("SUP-4711");
        await nora.Dialog.GetByLabel("Category").SelectOptionAsync("Account question");
        await nora.Page.GetByLabel("30 min").CheckAsync();
        await nora.Button("Start 30-minute session").ClickAsync();
        await Expect(nora.Heading).ToHaveTextAsync("Pick an account");
    }

    private static async Task AssertKeptAsync(Window nora)
    {
        await Expect(nora.Field("Reason")).ToHaveValueAsync(Window.Reason);
        await Expect(nora.Field("Ticket")).ToHaveValueAsync("SUP-4711");
        await Expect(nora.Dialog.GetByLabel("Category")).ToHaveValueAsync("Account question");
        await Expect(nora.Page.GetByLabel("30 min")).ToBeCheckedAsync();
        Assert.DoesNotContain("SUP-4711", nora.Page.Url, StringComparison.Ordinal);
    }

    private async Task AssertRefusedAsync(string detail, StaffId who)
    {
        var refused = (await app.NewestAsync(AuditEventTypes.SignInFailed))[0].Event;
        Assert.Equal((detail, who, "127.0.0.1"), (refused.Detail, refused.Actor.Id, refused.ClientAddress));
    }

    private static async Task AssertStrangerAsync(Window window)
    {
        await window.GoAsync("/users");
        await Expect(window.Page).ToHaveURLAsync(new Regex("/signin\\?returnUrl="));
    }
}

/// <summary>A console whose staff sign in at a provider.</summary>
[CollectionDefinition(Name)]
public sealed class Tenants : ICollectionFixture<EntraConsole>, ICollectionFixture<Browsers>
{
    public const string Name = "Tenants";
}
