using System.Net;
using System.Net.Sockets;
using SupportConsole.Core.Audit;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Http;

/// <summary>
/// Whose word the console takes for a client's address and scheme. Strangers and proxies are clients on addresses of the
/// loopback network of their own.
/// </summary>
public sealed class ClientAddressTests(ClientAddressTests.GuardedApp guarded) : IClassFixture<ClientAddressTests.GuardedApp>
{
    private const string Stranger = "127.0.0.2", Proxy = "127.0.0.3", Client = "203.0.113.7";

    [Fact]
    public async Task A_strangers_headers_change_nothing()
    {
        using var browser = BrowserAt(
            Stranger, ("X-Forwarded-For", Client), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Prefix", "/evil"),
            ("Forwarded", $"for={Client};proto=https;host=evil.example"), ("X-Real-IP", Client), ("X-Original-For", Client));

        var (address, cookie) = await SignInAsync(browser);

        Assert.Equal(Stranger, address);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        using var answer = await browser.GetAsync(new Uri("/audit", UriKind.Relative));
        Assert.Equal(guarded.App.Root.Authority, answer.Headers.Location?.IsAbsoluteUri == true ? answer.Headers.Location.Authority : guarded.App.Root.Authority);
    }

    [Fact]
    public async Task A_listed_proxy_is_believed_in_address_and_scheme_but_not_in_the_host()
    {
        using var browser = BrowserAt(Proxy, ("X-Forwarded-For", Client), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"));

        var (address, cookie) = await SignInAsync(browser);

        Assert.Equal(Client, address);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        using var answer = await browser.GetAsync(new Uri("/audit", UriKind.Relative));
        Assert.DoesNotContain("evil", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7, 127.0.5.9", "203.0.113.7")]
    [InlineData("198.51.100.1, 203.0.113.7, 127.0.5.9", "203.0.113.7")]
    [InlineData("203.0.113.7, 192.0.2.66, 127.0.5.9", "192.0.2.66")]
    [InlineData("203.0.113.7, 192.0.2.66", "192.0.2.66")]
    [InlineData("[2001:db8::7]:4711", "2001:db8::7")]
    public async Task A_chain_is_followed_as_far_as_it_is_listed(string header, string expected)
    {
        using var browser = BrowserAt(Proxy, ("X-Forwarded-For", header));

        Assert.Equal(expected, (await SignInAsync(browser)).Address);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("'; DROP TABLE audit_event; --")]
    [InlineData("203.0.113.7, <script>alert(1)</script>")]
    [InlineData(",,,")]
    [InlineData("999.1.2.3")]
    [InlineData("203.0.113.7 127.0.5.9")]
    public async Task Garbage_leaves_the_address_of_the_connection(string header)
    {
        using var browser = BrowserAt(Proxy, ("X-Forwarded-For", header), ("X-Forwarded-Proto", "https, <b>, ;"));

        Assert.Equal(Proxy, (await SignInAsync(browser)).Address);
    }

    [Fact]
    public async Task A_very_long_chain_is_only_read_as_far_as_it_is_listed()
    {
        using var browser = BrowserAt(Proxy, ("X-Forwarded-For", string.Join(", ", Enumerable.Repeat("198.51.100.1", 500).Append(Client))));

        Assert.Equal(Client, (await SignInAsync(browser)).Address);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("")]
    public async Task Another_host_gets_nothing(string host)
    {
        using var browser = BrowserAt(Stranger);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/signin", UriKind.Relative)) { Headers = { Host = host } };
        if (host.Length == 0)
        {
            request.Headers.TryAddWithoutValidation("Host", "");
            request.Version = HttpVersion.Version10;
        }

        using var answer = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
        Assert.False(answer.Headers.Contains("Server"));
    }

    /// <summary>Signs in and says what the trail holds of it, and the cookie.</summary>
    private async Task<(string? Address, string Cookie)> SignInAsync(HttpClient browser)
    {
        using var answer = await ConsoleSite.SignInAsync(browser, Agent, "/users");
        Assert.Equal("/users", answer.Headers.Location?.OriginalString);
        var signedIn = (await guarded.App.NewestAsync(AuditEventTypes.SignedIn))[0];
        return (signedIn.Event.ClientAddress, answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("SupportConsole.Demo=", StringComparison.Ordinal)));
    }

    private HttpClient BrowserAt(string address, params (string Name, string Value)[] headers)
    {
        // Its cookies are kept by hand: a secure one is not sent back over the plain connection that stands in for a proxy's.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(IPAddress.Loopback, guarded.App.Root.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var browser = new HttpClient(new CookieKeeper(handler)) { BaseAddress = guarded.App.Root };
        foreach (var (name, value) in headers)
        {
            browser.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        }

        return browser;
    }

    /// <summary>A console that answers to its address only and believes two proxies: one alone, one within a network.</summary>
    public sealed class GuardedApp : IAsyncLifetime
    {
        public ConsoleApp App { get; } = new()
        {
            Settings = new Dictionary<string, string>
            {
                ["Proxy:Trusted:0"] = Proxy, ["Proxy:Trusted:1"] = "127.0.5.0/24", ["AllowedHosts"] = "127.0.0.1;localhost",
            },
        };

        public ValueTask InitializeAsync() => App.InitializeAsync();

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    private sealed class CookieKeeper(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private readonly Dictionary<string, string> _cookies = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
            var answer = await base.SendAsync(request, cancellationToken);
            foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            {
                var pair = cookie.Split(';')[0].Split('=', 2);
                _cookies[pair[0]] = pair[1];
            }

            return answer;
        }
    }
}
