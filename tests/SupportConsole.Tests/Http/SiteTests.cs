using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Roles;
using SupportConsole.Tests.Features.Audit;
using SupportConsole.Tests.TestKit;
using SupportConsole.Ui;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Http;

/// <summary>Who gets which page, and what every response carries. What pages show inside a circuit is for the browser's tests.</summary>
[Collection(DemoApp.Name)]
public sealed class SiteTests : IAsyncLifetime
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; base-uri 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'none'";

    private const string CookieName = "SupportConsole.Demo";

    private readonly ConsoleSite _site;

    public SiteTests(DemoServer server)
    {
        Assert.SkipUnless(server.Executable is not null, "PocketBase is not installed: run 'npm ci' in src/SupportConsole/Demo.");
        _site = new ConsoleSite(server);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Every_page_opens_for_whom_it_is_for_and_for_nobody_else()
    {
        var browsers = new Dictionary<string, HttpClient>();
        foreach (var person in new[] { Agent, Admin, Manager, Nobody })
        {
            browsers[person] = await _site.BrowserOfAsync(person);
        }

        (string Page, string[] For)[] pages =
        [
            ("/users", [Agent, Admin]),
            ("/users?q=ada&page=2", [Agent, Admin]),
            ("/users/users/u8k2m1c0a3l9x7q", [Agent, Admin]),
            ("/start?user=u8k2m1c0a3l9x7q", [Agent]),
            ("/sessions", [Agent, Admin, Manager]),
            ("/sessions/00000000000000000000", [Agent, Admin, Manager]),
            ("/audit", [Admin]),
            ("/audit/could", [Admin]),
            ("/staff", [Manager]),
            ("/setup", [Admin]),
            ("/setup/support_console.pb.js", [Admin]),
            ("/", [Agent, Admin, Manager, Nobody]),
            ("/no-access", [Agent, Admin, Manager, Nobody]),
        ];
        using var stranger = _site.Browser();
        foreach (var (page, people) in pages)
        {
            await AssertRedirectedAsync(stranger, page, "/signin");
            foreach (var (person, browser) in browsers)
            {
                if (people.Contains(person))
                {
                    Assert.Equal((page, person, HttpStatusCode.OK), (page, person, await StatusAsync(browser, page)));
                }
                else
                {
                    await AssertRedirectedAsync(browser, page, "/no-access");
                }
            }
        }
    }

    [Theory]
    [InlineData("/signin")]
    [InlineData("/signed-out")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/theme.css")]
    [InlineData("/tokens.css")]
    [InlineData("/console.css")]
    [InlineData("/SupportConsole.styles.css")]
    [InlineData("/favicon.svg")]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.css")]
    public async Task What_a_stranger_needs_is_open(string path)
    {
        using var stranger = _site.Browser();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stranger, path));
    }

    [Fact]
    public async Task The_theme_is_kept_for_good_under_its_own_address_alone()
    {
        using var stranger = _site.Browser();

        using var own = await stranger.GetAsync(new Uri($"/{await ThemeSheet.AddressAsync()}", UriKind.Relative), Token);
        using var older = await stranger.GetAsync(new Uri("/theme.css?v=0123456789abcdef", UriKind.Relative), Token);
        using var head = await stranger.SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri("/theme.css", UriKind.Relative)), Token);

        Assert.Equal(
            [("text/css", "public, max-age=31536000, immutable"), ("text/css", "no-cache"), ("text/css", "no-cache")],
            new[] { own, older, head }.Select(answer => (answer.EnsureSuccessStatusCode().Content.Headers.ContentType!.MediaType!, answer.Headers.NonValidated["Cache-Control"].ToString())));
    }

    [Fact]
    public async Task The_companion_is_handed_out_as_a_file_and_runs_in_no_browser()
    {
        using var browser = await _site.BrowserOfAsync(Admin);

        using var answer = await browser.GetAsync(new Uri("/setup/support_console.pb.js", UriKind.Relative), Token);

        Assert.Equal("text/javascript; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(("attachment", "support_console.pb.js"), (answer.Content.Headers.ContentDisposition?.DispositionType, answer.Content.Headers.ContentDisposition?.FileName));
        Assert.Equal(await File.ReadAllTextAsync(GuardedServer.Companion, Token), await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task A_stranger_gets_no_circuit()
    {
        using var stranger = _site.Browser();

        using var answer = await stranger.PostAsync(new Uri("/_blazor/negotiate?negotiateVersion=1", UriKind.Relative), null, Token);

        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("/signin/demo")]
    [InlineData("/signout")]
    public async Task A_form_without_its_antiforgery_token_is_refused(string action)
    {
        using var browser = await _site.BrowserOfAsync(Agent);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("person", Manager)]);

        using var answer = await browser.PostAsync(new Uri(action, UriKind.Relative), form, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, "/users"));
    }

    [Theory]
    [InlineData("/users?q=ada", "/users?q=ada")]
    [InlineData("", "/")]
    [InlineData("users", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("\\\\evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("/\n/evil.example", "/")]
    [InlineData("/users\r\nSet-Cookie: a=b", "/")]
    [InlineData("~/users", "/")]
    public async Task A_return_address_stays_on_the_site(string asked, string given)
    {
        using var browser = _site.Browser();

        using var answer = await ConsoleSite.SignInAsync(browser, Agent, asked);

        Assert.Equal((HttpStatusCode.Redirect, given), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task An_unknown_demo_person_is_not_signed_in()
    {
        using var browser = _site.Browser();

        using var answer = await ConsoleSite.SignInAsync(browser, "root", "/users");

        Assert.Equal("/signin?failed=Rejected&returnUrl=%2Fusers", answer.Headers.Location?.OriginalString);
        await AssertRedirectedAsync(browser, "/users", "/signin");
    }

    [Fact]
    public async Task Signing_out_makes_a_copied_cookie_worthless()
    {
        using var browser = _site.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = true });
        using var signedIn = await ConsoleSite.SignInAsync(browser, Agent, "/");
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("SupportConsole.Demo=", StringComparison.Ordinal));
        using var thief = _site.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false });
        thief.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(thief, "/users"));

        using var signedOut = await ConsoleSite.PostAsync(browser, "/no-access", "/signout");

        Assert.Equal("/signed-out", signedOut.Headers.Location?.OriginalString);
        await AssertRedirectedAsync(thief, "/users", "/signin");
        await AssertRedirectedAsync(browser, "/users", "/signin");
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        using var browser = _site.Browser();

        using var answer = await ConsoleSite.SignInAsync(browser, Agent, "/");

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("SupportConsole.Demo=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_made_up_cookie_signs_nobody_in()
    {
        using var browser = _site.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false });
        browser.DefaultRequestHeaders.Add("Cookie", "SupportConsole.Demo=CfDJ8AAAAAAAAAAA");

        await AssertRedirectedAsync(browser, "/users", "/signin");
    }

    [Fact]
    public async Task A_cookie_sealed_with_another_key_signs_nobody_in()
    {
        using var browser = _site.Browser();
        using var signedIn = await ConsoleSite.SignInAsync(browser, Agent, "/");
        var own = _site.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme).TicketDataFormat;
        var ticket = own.Unprotect(CookieOf(signedIn));

        // The ticket itself is good, down to the sign-in that it names; only the keys differ, not what they are for.
        Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(own.Protect(ticket!)));
        Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(SealedWith(_site.Services.GetRequiredService<IDataProtectionProvider>())));
        Assert.Equal(HttpStatusCode.Redirect, await StatusWithAsync(SealedWith(new EphemeralDataProtectionProvider())));

        string SealedWith(IDataProtectionProvider keys) => new TicketDataFormat(keys.CreateProtector(
            "Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationMiddleware", CookieAuthenticationDefaults.AuthenticationScheme, "v2")).Protect(ticket!);
    }

    [Fact]
    public async Task A_cookie_with_one_bit_flipped_signs_nobody_in()
    {
        using var browser = _site.Browser();
        using var signedIn = await ConsoleSite.SignInAsync(browser, Agent, "/");
        var cookie = WebEncoders.Base64UrlDecode(CookieOf(signedIn));
        Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(WebEncoders.Base64UrlEncode(cookie)));
        for (var place = 0; place < cookie.Length; place += cookie.Length / 40)
        {
            var flipped = cookie.ToArray();
            flipped[place] ^= (byte)(1 << (place % 8));

            Assert.Equal((place, HttpStatusCode.Redirect), (place, await StatusWithAsync(WebEncoders.Base64UrlEncode(flipped))));
        }
    }

    [Fact]
    public async Task A_request_of_an_older_page_does_not_take_the_cookie_of_a_newer_sign_in_away()
    {
        using var older = _site.Browser();
        using var first = await ConsoleSite.SignInAsync(older, Agent, "/");
        var replaced = first.Headers.GetValues("Set-Cookie").First(cookie => cookie.StartsWith("SupportConsole.Demo=", StringComparison.Ordinal)).Split(';')[0];
        using var second = await ConsoleSite.SignInAsync(older, Agent, "/");
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/users");
        asked.Headers.Add("Cookie", replaced);
        using var bare = _site.Server.CreateClient();

        using var answer = await bare.SendAsync(asked, Token);

        Assert.Equal((HttpStatusCode.Redirect, "/signin"), (answer.StatusCode, answer.Headers.Location?.AbsolutePath));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(older, "/users"));
    }

    [Fact]
    public async Task No_address_takes_a_post_without_an_antiforgery_token()
    {
        using var browser = await _site.BrowserOfAsync(Agent);
        var mia = Person(Agent);
        await _site.Services.GetRequiredService<RoleBook>().SeedAsync(
            [.. new[] { Role.Admin, Role.Manager }.Select(role => (new StaffMember(mia.Id, mia.Name, mia.Email, []), (Role?)role))], "Every page is open");
        var endpoints = _site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .ToLookup(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("POST"));
        var reader = _site.Services.GetRequiredService<AuditReader>();
        var head = await NewestAsync();
        var posted = new List<string>();
        foreach (var endpoint in endpoints[true].Where(endpoint => !OfTheHub(endpoint)))
        {
            var path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(
                segment => segment.Parts[0] is RoutePatternLiteralPart literal ? literal.Content : "0"));
            using var form = new FormUrlEncodedContent([KeyValuePair.Create("person", Manager), KeyValuePair.Create("_handler", "any")]);

            using var answer = await browser.PostAsync(new Uri(path, UriKind.Relative), form, Token);

            Assert.Equal((path, HttpStatusCode.BadRequest), (path, answer.StatusCode));
            posted.Add(path);
        }

        Assert.Superset(new HashSet<string> { "/signin/demo", "/signout", "/users", "/staff", "/audit" }, posted.ToHashSet());
        Assert.DoesNotContain(endpoints[null], endpoint => !OfTheHub(endpoint));
        Assert.Equal(head, await NewestAsync());

        async Task<long> NewestAsync() => Assert.Single((await reader.ReadAsync(AuditQuery.All, null, 1, Token)).Entries).Sequence;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, "/staff"));

        // Behind the guard of the circuits: its door looks at the origin, and a circuit can be closed only by whoever knows its secret.
        static bool OfTheHub(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText?.TrimStart('/').StartsWith("_blazor", StringComparison.Ordinal) == true;
    }

    [Theory]
    [InlineData("/signin", HttpStatusCode.OK)]
    [InlineData("/users", HttpStatusCode.OK)]
    [InlineData("/audit", HttpStatusCode.Redirect)]
    [InlineData("/no-such-page", HttpStatusCode.NotFound)]
    [InlineData("/console.css", HttpStatusCode.OK)]
    [InlineData("/SupportConsole.styles.css", HttpStatusCode.OK)]
    [InlineData("/console-that-is-not-there.css", HttpStatusCode.NotFound)]
    [InlineData("/_content/MudBlazor/MudBlazor.min.js", HttpStatusCode.OK)]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/error", HttpStatusCode.OK)]
    public async Task Every_response_carries_the_security_headers(string path, HttpStatusCode status)
    {
        using var browser = await _site.BrowserOfAsync(Agent);

        using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative), Token);

        Assert.Equal(status, answer.StatusCode);
        AssertGuarded(answer);
    }

    [Fact]
    public async Task A_refused_form_carries_the_security_headers_too()
    {
        using var browser = _site.Browser();
        using var form = new FormUrlEncodedContent([]);

        using var answer = await browser.PostAsync(new Uri("/signin/demo", UriKind.Relative), form, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        AssertGuarded(answer);
    }

    [Fact]
    public async Task Too_many_requests_about_signing_in_are_turned_away_and_nothing_else()
    {
        // Three, of which the sign-in takes two; the next one comes back after twenty seconds.
        await using var slow = _site.WithWebHostBuilder(builder => builder.UseSetting("Limits:AnonymousPerMinute", "3"));
        using var browser = slow.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = true });
        using var signedIn = await ConsoleSite.SignInAsync(browser, Agent, "/");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, "/signin"));

        using var answer = await browser.GetAsync(new Uri("/signin", UriKind.Relative), Token);

        Assert.Equal((HttpStatusCode.TooManyRequests, "20", "no-store"), (answer.StatusCode, answer.Headers.RetryAfter?.ToString(), answer.Headers.CacheControl?.ToString()));
        AssertGuarded(answer);
        Assert.Matches("<h1>Too many requests</h1>\\s+<p>.*nobody was signed in or out. Try again in 20 seconds.</p>", await answer.Content.ReadAsStringAsync(Token));
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("person", Manager)]);
        using var post = await browser.PostAsync(new Uri("/signin/demo", UriKind.Relative), form, Token);
        Assert.Equal(HttpStatusCode.TooManyRequests, post.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, "/users"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, "/signed-out"));
    }

    [Theory]
    [InlineData("Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image")]
    [InlineData("Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe")]
    [InlineData("Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty")]
    [InlineData("Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Sec-Purpose: prefetch")]
    [InlineData("Connection: Upgrade", "Upgrade: websocket")] // With which not every browser says more.
    public async Task A_page_elsewhere_full_of_pictures_frames_and_sockets_closes_the_sign_in_to_nobody(params string[] headers)
    {
        await using var usual = _site.WithWebHostBuilder(_ => { });
        using var browser = usual.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = true });
        foreach (var path in (string[])["/signin", "/signin/demo", "/signin/confirm", "/signin-oidc", "/signout"])
        {
            foreach (var site in (string[])["cross-site", "same-site"])
            {
                for (var time = 0; time < 20; time++)
                {
                    using var picture = new HttpRequestMessage(HttpMethod.Get, path);
                    picture.Headers.Add("Sec-Fetch-Site", headers[0].StartsWith("Connection", StringComparison.Ordinal) ? [] : [site]);
                    foreach (var header in headers)
                    {
                        picture.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
                    }

                    using var answer = await browser.SendAsync(picture, Token);
                    Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
                    Assert.False(answer.Headers.Contains("Set-Cookie"));
                    AssertGuarded(answer);
                }
            }
        }

        using var signedIn = await ConsoleSite.SignInAsync(browser, Agent, "/users");
        Assert.Equal("/users", signedIn.Headers.Location?.ToString());
    }

    [Theory]
    [InlineData("cross-site", "navigate", "document")] // A link in a chat.
    [InlineData("none", "navigate", "document")] // A bookmark.
    [InlineData("same-origin", "cors", "empty")] // What Blazor asks for when it goes on to a page.
    [InlineData("same-origin", "navigate", "document")]
    public async Task Whoever_opens_the_sign_in_gets_it_wherever_they_come_from(string site, string mode, string destination)
    {
        using var browser = _site.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/signin");
        request.Headers.Add("Sec-Fetch-Site", site);
        request.Headers.Add("Sec-Fetch-Mode", mode);
        request.Headers.Add("Sec-Fetch-Dest", destination);

        using var answer = await browser.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task An_unknown_page_says_so_and_repeats_nothing_of_its_address()
    {
        using var browser = await _site.BrowserOfAsync(Agent);

        using var answer = await browser.GetAsync(new Uri("/no-such-page/%3Cscript%3Ealert(1)%3C/script%3E", UriKind.Relative), Token);
        var html = await answer.Content.ReadAsStringAsync(Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no such page", html, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(1)", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_page_loaded_on_and_on_leaves_one_entry_and_its_count()
    {
        using var browser = await _site.BrowserOfAsync(Nobody);

        for (var time = 0; time < 100; time++)
        {
            using var answer = await browser.GetAsync(new Uri("/audit", UriKind.Relative), Token);
            Assert.Equal("/no-access", answer.Headers.Location?.AbsolutePath);
        }

        await _site.Services.GetRequiredService<RefusalRecord>().RecordCountsAsync(all: true);
        var refused = (await _site.Services.GetRequiredService<AuditReader>().ReadAsync(new AuditQuery { Types = [AuditEventTypes.PolicyDenied], Actor = Person(Nobody).Id }, null, 200, Token)).Entries;
        Assert.InRange(refused.Count, 2, 4); // The first, the others' count, and both again where a minute ended meanwhile.
        Assert.Equal(100, refused.Sum(entry => RefusalRecordTests.CountOf(entry.Event)));
    }

    [Fact]
    public async Task Somebody_without_a_role_is_told_whom_to_ask()
    {
        using var browser = await _site.BrowserOfAsync(Nobody);

        var html = await browser.GetStringAsync(new Uri("/no-access", UriKind.Relative), Token);

        Assert.Contains("Tom Weber", html, StringComparison.Ordinal);
        Assert.Contains("ruth@corp.example", html, StringComparison.Ordinal);
        Assert.DoesNotContain("blazor.web.js", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_says_nothing_before_its_circuit_asks()
    {
        using var browser = await _site.BrowserOfAsync(Agent);

        var html = await browser.GetStringAsync(new Uri("/users/users/u8k2m1c0a3l9x7q", UriKind.Relative), Token);

        Assert.DoesNotContain("Lovelace", html, StringComparison.Ordinal);
    }

    internal static void AssertGuarded(HttpResponseMessage answer, string? server = null)
    {
        Assert.Equal(Policy, Header("Content-Security-Policy"));
        Assert.Equal("DENY", Header("X-Frame-Options"));
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
        Assert.Equal("same-origin", Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
        Assert.Contains("camera=()", Header("Permissions-Policy"), StringComparison.Ordinal);
        Assert.Equal(server ?? "", answer.Headers.Server.ToString());
        Assert.False(answer.Headers.Contains("X-Powered-By"));

        string Header(string name) => Assert.Single(answer.Headers.TryGetValues(name, out var values) ? values : []);
    }

    private async Task<HttpStatusCode> StatusWithAsync(string cookie)
    {
        using var browser = _site.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false });
        browser.DefaultRequestHeaders.Add("Cookie", $"{CookieName}={cookie}");
        return await StatusAsync(browser, "/users");
    }

    private static string CookieOf(HttpResponseMessage signedIn) => signedIn.Headers.GetValues("Set-Cookie")
        .Single(cookie => cookie.StartsWith($"{CookieName}=", StringComparison.Ordinal)).Split(';')[0][(CookieName.Length + 1)..];

    private static async Task<HttpStatusCode> StatusAsync(HttpClient browser, string path)
    {
        using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative), Token);
        return answer.StatusCode;
    }

    private static async Task AssertRedirectedAsync(HttpClient browser, string path, string to)
    {
        using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative), Token);

        Assert.Equal((path, HttpStatusCode.Redirect), (path, answer.StatusCode));
        var target = new Uri(new Uri("http://localhost"), answer.Headers.Location!);
        Assert.Equal((path, "localhost", to), (path, target.Host, target.AbsolutePath));
    }
}
