using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Site;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Http;

/// <summary>What the console answers when it runs as in Production, to strangers and when something in it fails.</summary>
[Collection(DemoApp.Name)]
public sealed partial class ProductionSiteTests : IAsyncDisposable
{
    private readonly LastingFolder _folder = new();
    private readonly ConsoleSite _site;
    private readonly WebApplicationFactory<App> _production;

    public ProductionSiteTests(DemoServer server)
    {
        Assert.SkipUnless(server.Executable is not null, "PocketBase is not installed: run 'npm ci' in src/SupportConsole/Demo.");
        _site = new ConsoleSite(server, "Production");
        _production = _site.WithWebHostBuilder(builder =>
        {
            var values = StartRules.FilledInValues().Where(pair => pair.Key.StartsWith("AzureAd:", StringComparison.Ordinal) || pair.Key is "AllowedHosts" or "Proxy:Trusted:0");
            foreach (var (key, value) in values)
            {
                builder.UseSetting(key, value);
            }

            builder.UseSetting("SignIn:Mode", "Entra");
            builder.UseSetting("DataProtection:KeyFolder", Path.Combine(_folder.Path, "keys"));
            builder.ConfigureTestServices(services => services.AddSingleton<IAuthorizationMiddlewareResultHandler, Failing>());
        });
    }

    [Fact]
    public async Task A_failure_shows_a_number_to_tell_and_nothing_else()
    {
        using var stranger = Browser("https");

        using var answer = await stranger.GetAsync(new Uri("/users?q=ada", UriKind.Relative));
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        SiteTests.AssertGuarded(answer);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.Contains("Something went wrong", html, StringComparison.Ordinal);
        Assert.Matches(TraceId(), html);
        foreach (var secret in new[] { "hunter2", "Exception", " at ", nameof(Failing), "Authorization", ".cs:" })
        {
            Assert.DoesNotContain(secret, html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/signin")]
    [InlineData("/signed-out")]
    [InlineData("/error")]
    public async Task Pages_stay_out_of_caches_and_on_https(string path)
    {
        using var stranger = Browser("https");

        using var answer = await stranger.GetAsync(new Uri(path, UriKind.Relative));

        SiteTests.AssertGuarded(answer);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task No_cookie_travels_without_tls()
    {
        using var stranger = Browser("https");

        using var answer = await stranger.GetAsync(new Uri("/signin", UriKind.Relative));

        Assert.All(answer.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/signin/entra?returnUrl=/users")]
    [InlineData("/signin/entra")]
    public async Task Nobody_is_sent_to_the_provider_with_an_http_address_to_return_to(string path)
    {
        using var stranger = Browser("http");

        using var answer = await stranger.GetAsync(new Uri(path, UriKind.Relative));
        var html = await stranger.GetStringAsync(answer.Headers.Location);

        Assert.StartsWith("/signin?failed=PlainHttp&", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Contains("must be listed in Proxy:Trusted and set X-Forwarded-Proto", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Sign in with Microsoft", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sign_in_page_says_so_before_anybody_tries_and_over_https_never()
    {
        using var plain = Browser("http");
        using var secure = Browser("https");

        Assert.Contains("over plain HTTP", await plain.GetStringAsync(new Uri("/signin", UriKind.Relative)), StringComparison.Ordinal);
        var html = await secure.GetStringAsync(new Uri("/signin?failed=PlainHttp", UriKind.Relative));
        Assert.DoesNotContain("over plain HTTP", html, StringComparison.Ordinal);
        Assert.Contains("Sign in with Microsoft", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sec-Fetch-Mode", "no-cors")]
    [InlineData("Sec-Fetch-Mode", "cors")]
    [InlineData("Sec-Fetch-Mode", "same-origin")]
    [InlineData("Sec-Fetch-Mode", "websocket")]
    [InlineData("Sec-Fetch-Mode", "navigate, no-cors")]
    [InlineData("Sec-Fetch-Dest", "image")]
    [InlineData("Sec-Fetch-Dest", "iframe")]
    [InlineData("Sec-Fetch-Dest", "object")]
    [InlineData("Sec-Fetch-Dest", "empty")]
    [InlineData("Sec-Fetch-Dest", "script")]
    [InlineData("Sec-Purpose", "prefetch")]
    [InlineData("Sec-Purpose", "prefetch;prerender")]
    [InlineData("Purpose", "prefetch")]
    [InlineData("X-Moz", "prefetch")]
    public async Task Only_a_navigation_starts_a_sign_in(string header, string value)
    {
        using var stranger = Browser("https");
        foreach (var path in (string[])["/signin/entra?returnUrl=/users", "/signout/provider"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation(header, value);

            using var answer = await stranger.SendAsync(request);

            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
            Assert.False(answer.Headers.Contains("Location"));
            SiteTests.AssertGuarded(answer);
        }
    }

    [Fact]
    public async Task Plain_http_promises_no_https()
    {
        using var stranger = Browser("http");

        using var answer = await stranger.GetAsync(new Uri("/signin", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    public async ValueTask DisposeAsync()
    {
        await _production.DisposeAsync();
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    private HttpClient Browser(string scheme) => _production.CreateClient(
        new WebApplicationFactoryClientOptions { BaseAddress = new Uri($"{scheme}://console.corp.test"), AllowAutoRedirect = false });

    [GeneratedRegex("this number: <code>[^<]{8,}</code>")]
    private static partial Regex TraceId();

    /// <summary>Fails where a page is asked for, as a defect would.</summary>
    private sealed class Failing : IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler _framework = new();

        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
            context.Request.Path == "/users" ? throw new InvalidOperationException("hunter2") : _framework.HandleAsync(next, context, policy, authorizeResult);
    }
}
