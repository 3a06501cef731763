using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using SupportConsole.Core.Audit;
using SupportConsole.Features.SignIn;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;

namespace SupportConsole.Tests.Http;

/// <summary>The console below a path of a host that has other sites beside it.</summary>
public sealed class SubPathTests(SubPathTests.ConsoleBelowPath site, Browsers browsers) : IClassFixture<SubPathTests.ConsoleBelowPath>, IClassFixture<Browsers>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_whole_journey_works_below_it_behind_nginx(bool takesPathOff)
    {
        await site.App.ResetAsync();
        await using var nginx = await Nginx.StartAsync(site.App.Root, path: "/support/", takesPathOff: takesPathOff);
        await using var profile = await browsers.NewProfileAsync();
        var (mia, asked) = await OpenAsync(profile, nginx);

        await mia.SignInAsync("Mia Chen");
        await Expect(mia.Page).ToHaveURLAsync(new Uri(nginx.Root, "/support/users").ToString());
        await mia.SearchBox.FillAsync("lovelace");
        await Expect(mia.UserRows).ToHaveCountAsync(1);
        await mia.Page.Keyboard.PressAsync("Enter");
        await Expect(mia.Heading).ToHaveTextAsync("Ada Lovelace");
        await mia.Button("View as").ClickAsync();
        await mia.StartAsync();
        await Expect(mia.ViewOf("Ada Lovelace")).ToBeVisibleAsync();
        var session = mia.SessionId;
        await mia.Posts.First.GetByRole(AriaRole.Heading).ClickAsync();
        await mia.Page.ReloadAsync();
        await Expect(mia.ViewOf("Ada Lovelace")).ToBeVisibleAsync();
        await mia.Button("End session").ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Session ended");
        await mia.Page.GetByRole(AriaRole.Link, new() { Name = "Sessions", Exact = true }).ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("My sessions");
        await mia.Page.GetByRole(AriaRole.Searchbox).FillAsync("hopper");
        await mia.Page.Keyboard.PressAsync("Enter");
        await Expect(mia.Page).ToHaveURLAsync(new Uri(nginx.Root, "/support/users?q=hopper").ToString());
        await mia.Page.GetByRole(AriaRole.Button, new() { Name = "Use dark colours" }).ClickAsync();
        await Expect(mia.Page.Locator("html[data-theme='dark']")).ToBeAttachedAsync();
        await mia.Page.ReloadAsync();
        await Expect(mia.Page.GetByRole(AriaRole.Button, new() { Name = "Use light colours" })).ToBeVisibleAsync();
        var cookies = await profile.CookiesAsync();
        Assert.All(cookies, cookie => Assert.StartsWith("/support", cookie.Path, StringComparison.Ordinal));
        await mia.GoAsync("/audit");
        await Expect(mia.Heading).ToHaveTextAsync("No access yet");
        await mia.Page.GetByRole(AriaRole.Link, new() { Name = "start page" }).ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Find a user");
        await mia.Button("Sign out").ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("You are signed out");
        await mia.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in again" }).ClickAsync();

        await mia.SignInAsync("Ines Duarte");
        await mia.Page.GetByRole(AriaRole.Link, new() { Name = "Audit trail" }).ClickAsync();
        await Expect(mia.Page.Locator("[data-event='session.ended']").First).ToBeVisibleAsync();
        await mia.Page.GetByRole(AriaRole.Link, new() { Name = "Role changes" }).ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Audit trail");
        await mia.GoAsync($"/audit?session={session}");
        await Expect(mia.Page.Locator("[data-event='session.opened']").First).ToBeVisibleAsync();
        await mia.Page.GetByRole(AriaRole.Link, new() { Name = "API keys" }).ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("API keys");
        await mia.GoAsync("/no-such-page");
        await mia.Page.GetByRole(AriaRole.Link, new() { Name = "Go to my start page" }).ClickAsync();
        await Expect(mia.Heading).ToHaveTextAsync("Find a user");

        mia.ExpectedFault = "404";
        Assert.True(mia.Faults.All(fault => fault.Contains("404", StringComparison.Ordinal)), string.Join('\n', [.. mia.Faults, nginx.Logged]));
        Assert.All(asked, address => Assert.StartsWith("/support/", new Uri(address).AbsolutePath, StringComparison.Ordinal));
        Assert.Contains(asked, address => address.Contains("/support/_blazor", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/support", "/support/")]
    [InlineData("/support?x=1", "/support/?x=1")]
    [InlineData("/support/users?q=ada", "/support/signin?returnUrl=%2Fsupport%2Fusers%3Fq%3Dada")]
    [InlineData("/users?q=ada", "/support/signin?returnUrl=%2Fsupport%2Fusers%3Fq%3Dada")]
    public async Task Every_redirect_stays_below_it(string asked, string given)
    {
        using var browser = new RawBrowser(site.App.Root);

        using var answer = await browser.GetAsync(asked);

        Assert.Equal((HttpStatusCode.Redirect, given), (answer.StatusCode, new Uri(site.App.Root, answer.Headers.Location!).PathAndQuery));
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/support/health/live")]
    [InlineData("/support/health/ready")]
    [InlineData("/support/console.css")]
    [InlineData("/support/_framework/blazor.web.js")]
    public async Task Probes_and_files_are_found(string path)
    {
        using var browser = new RawBrowser(site.App.Root);

        using var answer = await browser.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("/Support/health/live")]
    [InlineData("/supporter/health/live")]
    [InlineData("/support/support/health/live")]
    public async Task Another_path_is_no_probes(string path)
    {
        using var browser = new RawBrowser(site.App.Root);

        using var answer = await browser.GetAsync(path);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode); // To the sign-in, as any page.
    }

    [Fact]
    public async Task Pages_name_it_as_their_base_and_cookies_as_their_path()
    {
        using var browser = new RawBrowser(site.App.Root);

        using var answer = await browser.GetAsync("/support/signin");

        Assert.Contains("<base href=\"/support/\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.All(answer.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; path=/support;", cookie, StringComparison.Ordinal));
        SiteTests.AssertGuarded(answer);
    }

    [Theory]
    [InlineData("/support/users?q=ada", "/support/users?q=ada")]
    [InlineData("/support/", "/support/")]
    [InlineData("/support", "/support/")]
    [InlineData("/users", "/support/")]
    [InlineData("/supporter/x", "/support/")]
    [InlineData("/support/../other", "/support/")]
    [InlineData("/support/%2e%2e/other", "/support/")]
    [InlineData("/support/..%5cother", "/support/..%5cother")]
    [InlineData("//evil.example/support/", "/support/")]
    [InlineData("/support\\..\\other", "/support/")]
    [InlineData(null, "/support/")]
    public void A_return_address_stays_below_it(string? asked, string given) =>
        Assert.Equal(given, SignInPaths.Local(new PathString("/support"), asked));

    [Fact]
    public async Task A_sign_in_at_the_provider_returns_below_it_and_leaves_the_hosts_other_sites_no_cookie()
    {
        await using var app = new EntraConsole { Settings = new Dictionary<string, string> { ["Hosting:PathBase"] = "/support" } };
        await app.InitializeAsync();
        await app.ResetAsync();
        await using var profile = await browsers.NewProfileAsync();
        var nora = new Window(await profile.NewPageAsync(), app.Site, app.Tenant.Instance);

        await nora.GoAsync("/users?q=ada");
        await nora.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Microsoft" }).ClickAsync();
        await nora.Page.GetByRole(AriaRole.Link, new() { Name = EntraConsole.Nora.Name }).ClickAsync();
        await Expect(nora.Page).ToHaveURLAsync(new Uri(app.Site, "users?q=ada").ToString());
        await Expect(nora.UserRows.First).ToBeVisibleAsync();
        var cookies = (await profile.CookiesAsync([app.Site.ToString()])).Where(cookie => cookie.Name.Contains("Console", StringComparison.Ordinal)).ToList();
        Assert.Contains(cookies, cookie => cookie.Name == "__Secure-SupportConsole");
        Assert.All(cookies, cookie => Assert.Equal((true, "/support", true), (cookie.Name.StartsWith("__Secure-", StringComparison.Ordinal), cookie.Path, cookie.HttpOnly)));

        // Proving it anew for a session returns to the form.
        await nora.OpenUserAsync();
        await app.AgeAsync(EntraConsole.Nora, "proven_at", TimeSpan.FromMinutes(31));
        await nora.Button("View as").ClickAsync();
        await nora.StartAsync();
        await nora.Page.GetByRole(AriaRole.Link, new() { Name = EntraConsole.Nora.Name }).ClickAsync();
        await Expect(nora.Field("Reason")).ToHaveValueAsync(Window.Reason);
        await nora.EscapeDialogAsync();

        await nora.Button("Sign out").ClickAsync();
        await nora.Button("Sign out of the tenant").ClickAsync();
        await Expect(nora.Page.GetByText("You are signed out at Microsoft too")).ToBeVisibleAsync();
        await Expect(nora.Page).ToHaveURLAsync(new Uri(app.Site, "signed-out?provider=Done").ToString());
        Assert.Empty(nora.Faults);
        Assert.NotEmpty(await app.NewestAsync(AuditEventTypes.Reauthenticated));
    }

    private static async Task<(Window Window, IReadOnlyList<string> Asked)> OpenAsync(IBrowserContext profile, Nginx nginx)
    {
        var asked = new List<string>();
        var page = await profile.NewPageAsync();
        page.Request += (_, request) => asked.Add(request.Url);
        page.WebSocket += (_, socket) => asked.Add(socket.Url);
        return (new Window(page, new Uri(nginx.Root, "/support/")), asked);
    }

    public sealed class ConsoleBelowPath : IAsyncLifetime
    {
        public ConsoleApp App { get; } = new()
        {
            Settings = new Dictionary<string, string>
            {
                ["Hosting:PathBase"] = "/support/", ["Proxy:Trusted:0"] = "127.0.0.1", ["AllowedHosts"] = "127.0.0.1;localhost",
            },
        };

        public ValueTask InitializeAsync() => App.InitializeAsync();

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
