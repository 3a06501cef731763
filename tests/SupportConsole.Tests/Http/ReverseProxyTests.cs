using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using SupportConsole.Core.Audit;
using SupportConsole.Tests.TestKit;
using static Microsoft.Playwright.Assertions;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Http;

/// <summary>The console behind a real nginx with <c>deploy/nginx.conf</c>.</summary>
public sealed class ReverseProxyTests(ReverseProxyTests.ConsoleBehindNginx site, Browsers browsers)
    : IClassFixture<ReverseProxyTests.ConsoleBehindNginx>, IClassFixture<Browsers>
{
    private const string Client = "127.0.0.9";

    [Fact]
    public async Task A_whole_session_works_through_it()
    {
        await using var profile = await browsers.NewProfileAsync();
        var window = new Window(await profile.NewPageAsync(), site.Nginx.Root);

        await window.SignInAsync("Mia Chen");
        await window.OpenSessionAsync();
        await window.Button("End session").ClickAsync();

        await Expect(window.Heading).ToHaveTextAsync("Session ended");
        Assert.NotEmpty(window.FramesReceived); // A circuit over a WebSocket, not one that fell back to polling.
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_proxy_that_passes_no_web_sockets_is_named_on_the_page_and_reported()
    {
        await using var deaf = await Nginx.StartAsync(site.App.Root, passesUpgrade: false);
        await using var profile = await browsers.NewProfileAsync();
        var window = new Window(await profile.NewPageAsync(), deaf.Root);
        await window.GoAsync("/signin");

        var report = await window.Page.RunAndWaitForResponseAsync(
            () => window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in as Mia Chen" }).ClickAsync(),
            response => response.Url == new Uri(deaf.Root, "/no-socket").ToString());

        Assert.Equal(204, report.Status);
        await Expect(window.Heading).ToHaveTextAsync("This window gets no WebSocket connection", new() { Timeout = 10_000 });
        await Expect(window.Page.GetByText("must pass Upgrade and Connection on")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("This window failed")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_web_socket_reaches_the_circuit_hub()
    {
        using var browser = Browser(out var cookies);
        using var signedIn = await ConsoleSite.SignInAsync(browser, Agent, "/");
        using var negotiated = await browser.PostAsync(new Uri("/_blazor/negotiate?negotiateVersion=1", UriKind.Relative), null);
        var id = (await negotiated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("connectionToken").GetString();
        using var socket = new ClientWebSocket();
        socket.Options.Cookies = cookies;
        socket.Options.SetRequestHeader("Origin", site.Nginx.Root.GetLeftPart(UriPartial.Authority));
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => site.Nginx.Presents(certificate);

        await socket.ConnectAsync(new Uri($"wss://{site.Nginx.Root.Authority}/_blazor?id={id}"), TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, default);
        var buffer = new byte[64];
        var answer = await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken);

        Assert.Equal("{}\u001e", Encoding.UTF8.GetString(buffer, 0, answer.Count));
    }

    [Fact]
    public async Task A_forged_address_does_not_reach_the_trail()
    {
        using var browser = Browser(out _);
        foreach (var (name, value) in new[] { ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Host", "evil.example"), ("Forwarded", "for=203.0.113.7") })
        {
            browser.DefaultRequestHeaders.Add(name, value);
        }

        using var answer = await ConsoleSite.SignInAsync(browser, Agent, "/users");

        Assert.Equal(Client, (await site.App.NewestAsync(AuditEventTypes.SignedIn))[0].Event.ClientAddress);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("SupportConsole.Demo=", StringComparison.Ordinal));
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        SiteTests.AssertGuarded(answer, server: "nginx");
    }

    [Fact]
    public async Task Plain_http_is_sent_to_https()
    {
        using var browser = Browser(out _);

        using var answer = await browser.GetAsync(new Uri(site.Nginx.PlainRoot, "/users?q=ada"));

        Assert.Equal((HttpStatusCode.MovedPermanently, new Uri(site.Nginx.Root, "/users?q=ada")), (answer.StatusCode, answer.Headers.Location));
    }

    [Fact]
    public async Task What_follows_the_question_mark_is_not_logged_even_when_the_console_is_down()
    {
        using var browser = Browser(out _);
        await using var alone = await Nginx.StartAsync(new Uri("http://127.0.0.1:9"));
        using var unlucky = Browser(alone, out _);
        await browser.GetStringAsync(new Uri("/signin?returnUrl=%2Fusers%3Fq%3Dlovelace", UriKind.Relative));

        using var answer = await unlucky.GetAsync(new Uri("/users?q=lovelace", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        const string Served = "\"GET /signin HTTP/1.1\" 200", Failed = "\"GET /users HTTP/1.1\" 502";
        var logged = (Served: await site.Nginx.LoggedAsync(Served), Failed: await alone.LoggedAsync(Failed));
        Assert.Contains(Served, logged.Served, StringComparison.Ordinal);
        Assert.Contains(Failed, logged.Failed, StringComparison.Ordinal);
        Assert.DoesNotContain("lovelace", logged.Served + logged.Failed, StringComparison.Ordinal);
    }

    private HttpClient Browser(out CookieContainer cookies) => Browser(site.Nginx, out cookies);

    /// <summary>A client at an address that is neither the proxy's nor the console's.</summary>
    private static HttpClient Browser(Nginx nginx, out CookieContainer cookies)
    {
        cookies = new CookieContainer();
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            CookieContainer = cookies,
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(Client), 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => nginx.Presents(certificate) },
        };
        return new HttpClient(handler) { BaseAddress = nginx.Root };
    }

    public sealed class ConsoleBehindNginx : IAsyncLifetime
    {
        private Nginx? _nginx;

        public ConsoleApp App { get; } = new()
        {
            Settings = new Dictionary<string, string> { ["Proxy:Trusted:0"] = "127.0.0.1", ["AllowedHosts"] = "127.0.0.1;localhost" },
        };

        public Nginx Nginx => _nginx!;

        public async ValueTask InitializeAsync()
        {
            await App.InitializeAsync();
            _nginx = await Nginx.StartAsync(App.Root);
        }

        public async ValueTask DisposeAsync()
        {
            if (_nginx is not null)
            {
                await _nginx.DisposeAsync();
            }

            await App.DisposeAsync();
        }
    }
}
