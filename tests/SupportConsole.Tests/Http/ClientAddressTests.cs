using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
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

    private readonly HashSet<long> _searched = [];

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

    [Theory]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: 10.1.2.3:5280")]
    [InlineData("GET /health/ready HTTP/1.1\r\nHost: 10.1.2.3")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: evil.example")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: [fd00::7]:5280")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost:")]
    [InlineData("GET /health/live HTTP/1.0\r\nUser-Agent: probe")]
    [InlineData("HEAD /health/ready HTTP/1.0\r\nHost: 0.0.0.0")]
    [InlineData("GET /health/live?from=probe HTTP/1.1\r\nHost: a.b.c")]
    public async Task A_probe_is_answered_whatever_name_it_asks_by(string request) =>
        Assert.Equal("HTTP/1.1 200 OK", await AskRawAsync(request));

    [Theory]
    [InlineData("GET /health HTTP/1.1\r\nHost: 10.1.2.3")]
    [InlineData("GET /health/live/ HTTP/1.1\r\nHost: 10.1.2.3")]
    [InlineData("GET /health/live/more HTTP/1.1\r\nHost: 10.1.2.3")]
    [InlineData("GET /health/lively HTTP/1.1\r\nHost: 10.1.2.3")]
    [InlineData("GET /health/live/../../signin HTTP/1.1\r\nHost: 10.1.2.3")]
    [InlineData("GET //health/live HTTP/1.1\r\nHost: 10.1.2.3")]
    [InlineData("GET /signin?x=/health/live HTTP/1.1\r\nHost: 10.1.2.3")]
    [InlineData("GET / HTTP/1.0\r\nUser-Agent: probe")]
    [InlineData("GET /console.css HTTP/1.1\r\nHost: evil.example")]
    public async Task No_other_path_is_answered_by_another_name(string request) =>
        Assert.Equal("HTTP/1.1 400 Bad Request", await AskRawAsync(request));

    [Fact]
    public async Task A_proxy_that_is_not_listed_is_named_in_the_log_and_a_listed_one_is_not()
    {
        using var unlisted = BrowserAt("127.0.0.66", ("X-Forwarded-Proto", "https"));
        using var listed = BrowserAt("127.0.5.66", ("X-Forwarded-Proto", "https"));
        await unlisted.GetStringAsync(new Uri("/signin", UriKind.Relative));
        await listed.GetStringAsync(new Uri("/signin", UriKind.Relative));

        Assert.NotEmpty(guarded.App.FilesWith(new Regex("Proxy:Trusted.*\"127\\.0\\.0\\.66\".*\"X-Forwarded-Proto\"")));
        Assert.Empty(guarded.App.FilesWith(new Regex("Proxy:Trusted.*127\\.0\\.5\\.66")));
    }

    [Fact]
    public async Task A_proxy_behind_a_listed_one_is_named_where_it_is_not_listed_itself()
    {
        using var chain = BrowserAt("127.0.5.66", ("X-Forwarded-For", "198.18.0.7, 192.0.2.99"));
        using var client = BrowserAt("127.0.5.66", ("X-Forwarded-For", "198.18.0.8"));
        await chain.GetStringAsync(new Uri("/signin", UriKind.Relative));
        await client.GetStringAsync(new Uri("/signin", UriKind.Relative));

        Assert.NotEmpty(guarded.App.FilesWith(new Regex("Proxy:Trusted.*\"192\\.0\\.2\\.99\"")));
        Assert.Empty(guarded.App.FilesWith(new Regex("Proxy:Trusted.*198\\.18\\.0\\.[78]")));
    }

    [Fact]
    public async Task A_windows_socket_is_not_compressed_whatever_it_offers()
    {
        using var browser = await RawBrowser.SignInAsync(guarded.App.Root, Agent);
        using var socket = new ClientWebSocket();
        socket.Options.Cookies = browser.Cookies;
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        socket.Options.SetRequestHeader("Origin", guarded.App.Root.GetLeftPart(UriPartial.Authority));

        await socket.ConnectAsync(new Uri($"ws://{guarded.App.Root.Authority}/_blazor"), TestContext.Current.CancellationToken);

        Assert.Equal(WebSocketState.Open, socket.State);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", socket.HttpResponseHeaders!.Keys);
    }

    [Fact]
    public async Task A_window_acts_from_where_its_own_connection_comes_and_comes_again()
    {
        await using var app = new ConsoleApp { Settings = new Dictionary<string, string> { ["Proxy:Trusted:0"] = "127.0.0.1" } };
        await app.InitializeAsync();
        using var browser = await RawBrowser.SignInAsync(app.Root, Agent);
        await using var circuit = await RawCircuit.StartAsync(browser, await browser.LoadAsync("/users"), forwardedFor: Client);
        await SearchAsync("lovelace");
        Assert.Equal(Client, await SearchedFromAsync());

        Assert.True(await circuit.ReconnectAsync(forwardedFor: "198.51.100.44, 2001:db8::9"));
        await SearchAsync("hopper");
        Assert.Equal("2001:db8::9", await SearchedFromAsync());

        Assert.True(await circuit.ReconnectAsync(forwardedFor: null));
        await SearchAsync("turing");
        Assert.Equal("127.0.0.1", await SearchedFromAsync());

        async Task SearchAsync(string text)
        {
            circuit.Forget();
            await circuit.NavigateAsync($"/users?q={text}");
            await circuit.SeesAsync(text);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while (!(await app.NewestAsync(AuditEventTypes.UsersSearched)).Any(entry => !_searched.Contains(entry.Sequence)))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
            }
        }

        async Task<string?> SearchedFromAsync()
        {
            var entries = (await app.NewestAsync(AuditEventTypes.UsersSearched)).Where(entry => _searched.Add(entry.Sequence)).ToList();
            return Assert.Single(entries.Select(entry => entry.Event.ClientAddress).Distinct());
        }
    }

    private async Task<string> AskRawAsync(string request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, guarded.App.Root.Port, limit.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{request}\r\nConnection: close\r\n\r\n"), limit.Token);
        using var reader = new StreamReader(stream);
        return (await reader.ReadLineAsync(limit.Token))!;
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
