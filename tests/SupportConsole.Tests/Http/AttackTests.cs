using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.Roles;
using SupportConsole.Features.SignIn;
using SupportConsole.Features.ViewAs;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Http;

/// <summary>
/// What somebody with a good cookie and bad manners gets. Mia, an agent, attacks; each of the others uses up one limit at most.
/// </summary>
[Collection(Attacks.Name)]
public sealed class AttackTests(AttackedApp app) : IAsyncLifetime
{
    private const string Ada = "u8k2m1c0a3l9x7q";
    private const string Locked = "This page is locked for you";
    private const string Why = "Customer cannot find the post she published";

    private const string StaffPageDescriptor =
        """{"sequence":0,"assemblyName":"SupportConsole","typeName":"SupportConsole.Features.Roles.StaffPage","parameterDefinitions":[],"parameterValues":[],"invocationId":"00000000-0000-0000-0000-000000000000"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Pace Pace => app.Services.GetRequiredService<Pace>();

    public async ValueTask InitializeAsync() => await app.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_window_without_a_browser_works()
    {
        using var mia = await RawBrowser.SignInAsync(app.Root, Agent);
        await using var window = await RawCircuit.OpenAsync(mia, "/users?q=lovelace");

        await window.SeesAsync("Ada Lovelace");
        await window.RoundTripAsync();
        await window.NavigateAsync("/sessions");
        await window.SeesAsync("No live session");
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://console.127.0.0.1")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("https://{host}")]
    [InlineData("http://{host}.evil.example")]
    [InlineData("http://evil.example, http://{host}")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_page_of_another_origin_gets_no_window(string origin)
    {
        origin = origin.Replace("{host}", app.Root.Authority, StringComparison.Ordinal);
        using var mia = await RawBrowser.SignInAsync(app.Root, Agent);

        var (socket, status) = await ConnectAsync(mia, origin);
        using var negotiate = Negotiation(origin);
        using var negotiated = await mia.SendAsync(negotiate);

        Assert.Null(socket);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (status, negotiated.StatusCode));
        Assert.Contains(await app.NewestAsync(AuditEventTypes.PolicyDenied), entry =>
            entry.Event is { Detail: "a window from another origin", Outcome: AuditOutcome.Denied } denied && denied.Actor.Id == Person(Agent).Id);
    }

    [Fact]
    public async Task A_page_of_this_origin_gets_one()
    {
        using var mia = await RawBrowser.SignInAsync(app.Root, Agent);
        foreach (var origin in new[] { app.Root.GetLeftPart(UriPartial.Authority), null })
        {
            var (socket, _) = await ConnectAsync(mia, origin);
            using var negotiate = Negotiation(origin);
            using var negotiated = await mia.SendAsync(negotiate);

            Assert.Equal((WebSocketState.Open, HttpStatusCode.OK), (socket?.State, negotiated.StatusCode));
            socket?.Dispose();
        }
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/octet-stream")]
    public async Task A_window_needs_a_websocket(string accepted)
    {
        using var mia = await RawBrowser.SignInAsync(app.Root, Agent);
        using var negotiate = Negotiation(null);
        using var negotiated = await mia.SendAsync(negotiate);
        var connection = JsonNode.Parse(await negotiated.Content.ReadAsStringAsync(Token))!["connectionToken"]!.GetValue<string>();
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete })
        {
            foreach (var path in new[] { $"/_blazor?id={connection}", "/_blazor", $"/_BLAZOR/?id={connection}" })
            {
                using var request = new HttpRequestMessage(method, path) { Headers = { { "Accept", accepted } } };
                using var answer = await mia.SendAsync(request);

                Assert.Equal((path, HttpStatusCode.BadRequest, "Only WebSockets are served here."), (path, answer.StatusCode, await answer.Content.ReadAsStringAsync(Token)));
            }
        }
    }

    [Fact]
    public async Task Going_to_a_locked_page_inside_the_window_shows_none_of_it()
    {
        var live = await OpenSessionAsync();
        using var mia = await RawBrowser.SignInAsync(app.Root, Agent);
        await using var window = await RawCircuit.OpenAsync(mia, "/users");
        await window.SeesAsync("Find a user");
        foreach (var (page, told, secrets) in new (string, string, string[])[]
        {
            ("/staff", Locked, ["Grant a role", "omar@corp.example", "Omar Haddad"]),
            ("/audit", Locked, ["append-only", "Event type", "Omar Haddad"]),
            ("/audit?text=omar", Locked, ["append-only"]),
            ($"/sessions/{live.Id}", "No such session", ["Ada Lovelace", "Jan Peeters", Why]),
            ($"/sessions/{live.Id}?post=pw3lc0met0th3h4", "No such session", ["Ada Lovelace", "Jan Peeters", Why]),
            ("/sessions", "No live session", ["Ada Lovelace", "Jan Peeters", Why]),
        })
        {
            await window.NavigateAsync("/start");
            await window.RoundTripAsync();
            window.Forget();

            await window.NavigateAsync(page);

            await window.SeesAsync(told);
            await window.RoundTripAsync();
            Assert.All(secrets, secret => Assert.False(window.HasSeen(secret), $"{page} showed {secret}"));
        }

        Assert.Equal(live, Assert.Single(app.LiveSessions));
        Assert.False(window.Ended.IsCompleted);
    }

    [Fact]
    public async Task Pressing_everything_there_could_be_changes_nobodys_role_and_ends_nobodys_session()
    {
        var live = await OpenSessionAsync();
        var roles = await RolesAsync();
        using var mia = await RawBrowser.SignInAsync(app.Root, Agent);
        foreach (var page in new[] { "/staff", "/audit", "/sessions", $"/sessions/{live.Id}" })
        {
            await PressEverythingAsync(mia, page);
        }

        Assert.Equal(roles, await RolesAsync());
        Assert.Equal(live, Assert.Single(app.LiveSessions));
        await AssertHealthyAsync(mia);

        // The same hands on the same page, of somebody who may: so it was the right that was missing, not the reach.
        using var ruth = await RawBrowser.SignInAsync(app.Root, Manager);
        await PressEverythingAsync(ruth, "/sessions");
        Assert.Empty(app.LiveSessions);
        Assert.Equal(EndReason.EndedByColleague, EndReasons.Parse((await app.SessionEventsAsync(live.Id)).Single(entry => entry.Event.Type == AuditEventTypes.SessionEnded).Event.Detail));
    }

    [Fact]
    public async Task A_managers_page_shows_an_agent_nothing_in_the_agents_window()
    {
        using var ruth = await RawBrowser.SignInAsync(app.Root, Manager);
        using var mia = await RawBrowser.SignInAsync(app.Root, Agent);

        await using var window = await RawCircuit.StartAsync(mia, await ruth.LoadAsync("/staff"));

        await window.SeesAsync(Locked);
        await window.RoundTripAsync();
        Assert.False(window.HasSeen("Grant a role"));
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("another key")]
    [InlineData("plain")]
    [InlineData("sequence")]
    [InlineData("type")]
    [InlineData("nothing")]
    public async Task A_component_that_the_server_did_not_offer_is_refused(string forgery)
    {
        using var mia = await RawBrowser.SignInAsync(app.Root, Agent);
        var page = await mia.LoadAsync("/users?q=lovelace");

        await AssertNothingIsDrawnAsync(mia, page with { Markers = [.. page.Markers.Select(Forge)] });

        await AssertHealthyAsync(mia);

        JsonObject Forge(JsonObject marker)
        {
            var forged = marker.DeepClone().AsObject();
            var descriptor = marker["descriptor"]!.GetValue<string>();
            switch (forgery)
            {
                case "flipped":
                    var middle = descriptor.Length / 2;
                    forged["descriptor"] = descriptor[..middle] + (descriptor[middle] == 'A' ? 'B' : 'A') + descriptor[(middle + 1)..];
                    break;
                case "another key":
                    forged["descriptor"] = new EphemeralDataProtectionProvider()
                        .CreateProtector("Microsoft.AspNetCore.Components.ComponentDescriptorSerializer,V1").Protect(StaffPageDescriptor);
                    break;
                case "plain":
                    forged["descriptor"] = StaffPageDescriptor;
                    break;
                case "sequence":
                    forged["sequence"] = 7;
                    forged["descriptor"] = page.State;
                    break;
                case "type":
                    forged["type"] = "webassembly";
                    forged["assembly"] = "SupportConsole";
                    forged["typeName"] = typeof(StaffPage).FullName;
                    forged.Remove("descriptor");
                    break;
                default:
                    forged["descriptor"] = "";
                    break;
            }

            return forged;
        }
    }

    [Fact]
    public async Task A_revoked_person_is_known_and_gets_nothing()
    {
        using var mia = await RawBrowser.SignInAsync(app.Root, Agent);
        var page = await mia.LoadAsync("/users?q=lovelace");
        await using var window = await RawCircuit.StartAsync(mia, page);
        await window.SeesAsync("Ada Lovelace");
        await RevokeAsync(Agent);
        await window.SeesAsync(Locked);
        window.Forget();

        await window.NavigateAsync("/users?q=grace");
        await window.RoundTripAsync();
        await using var second = await RawCircuit.StartAsync(mia, page);
        await second.SeesAsync(Locked);

        using var refused = await mia.GetAsync("/users?q=lovelace");
        Assert.Equal((HttpStatusCode.Redirect, "/no-access"), (refused.StatusCode, new Uri(app.Root, refused.Headers.Location!).AbsolutePath));
        Assert.False(window.HasSeen("Grace") || second.HasSeen("Ada Lovelace"));
        Assert.Contains(await app.NewestAsync(AuditEventTypes.PolicyDenied), entry =>
            entry.Event.Detail == nameof(Duty.FindUsers) && entry.Event.Actor.Id == Person(Agent).Id && entry.Event.Actor.Roles.IsEmpty);
    }

    [Fact]
    public async Task A_cookie_that_was_signed_out_is_nobodys()
    {
        using var mia = await RawBrowser.SignInAsync(app.Root, Agent);
        using var thief = new RawBrowser(app.Root);
        thief.Cookies.Add(mia.Cookies.GetCookies(app.Root));
        var page = await thief.LoadAsync("/users?q=lovelace");
        await using var stolen = await RawCircuit.StartAsync(thief, page);
        await stolen.SeesAsync("Ada Lovelace");

        await mia.SignOutAsync();

        await stolen.SeesAsync("You are signed out");
        stolen.Forget();
        await stolen.NavigateAsync("/users?q=grace");
        await stolen.RoundTripAsync();
        Assert.False(stolen.HasSeen("Grace"));
        using var request = Negotiation(null);
        using var negotiated = await thief.SendAsync(request);
        var (socket, _) = await ConnectAsync(thief, null);
        Assert.NotEqual(HttpStatusCode.OK, negotiated.StatusCode);
        Assert.Null(socket);
        using var answer = await thief.GetAsync("/users");
        Assert.Equal("/signin", new Uri(app.Root, answer.Headers.Location!).AbsolutePath);
    }

    [Fact]
    public async Task One_search_too_many_is_told_on_the_page()
    {
        using var ines = await RawBrowser.SignInAsync(app.Root, Admin);
        await using var window = await RawCircuit.OpenAsync(ines, "/users");
        await window.SeesAsync("Find a user");
        for (var search = 0; search < 125 && !window.HasSeen("60 searches a minute"); search++)
        {
            await window.NavigateAsync($"/users?q=nobody{search}%40example.com");
            await window.RoundTripAsync();
        }

        await window.SeesAsync("You have reached what one person may do: 60 searches a minute. Nothing was done. Try again in");
        Assert.Contains(await app.NewestAsync(AuditEventTypes.PolicyDenied), entry =>
            entry.Event.Detail == "60 searches a minute" && entry.Event.Actor.Id == Person(Admin).Id);
    }

    [Fact]
    public async Task Twenty_windows_are_open_and_the_next_one_says_why_not()
    {
        using var jan = await RawBrowser.SignInAsync(app.Root, OtherAgent);
        var id = Person(OtherAgent).Id;
        List<ClientWebSocket> open = [];
        var refused = new List<HttpStatusCode>();
        for (var window = 0; window < 25; window++)
        {
            var (socket, status) = await ConnectAsync(jan, null);
            if (socket is not null)
            {
                open.Add(socket);
            }
            else
            {
                refused.Add(status);
            }
        }

        var page = await jan.LoadAsync("/users");
        using var plain = await jan.GetAsync("/no-access");
        using var ruth = await RawBrowser.SignInAsync(app.Root, Manager);
        await using var another = await RawCircuit.OpenAsync(ruth, "/staff");
        await another.SeesAsync("Grant a role");

        Assert.Equal((20, 5), (open.Count, refused.Count(status => status == HttpStatusCode.TooManyRequests)));
        Assert.Equal((0, 20), (Pace.Left(id, Limit.Windows), Pace.Left(Person(Admin).Id, Limit.Windows)));
        Assert.Equal((HttpStatusCode.TooManyRequests, 0, HttpStatusCode.OK), (page.Status, page.Markers.Length, plain.StatusCode));
        Assert.Contains("<h1>Too many windows are open</h1>", page.Html, StringComparison.Ordinal);
        Assert.Contains(await app.NewestAsync(AuditEventTypes.PolicyDenied), entry =>
            entry.Event.Detail == "20 windows at once" && entry.Event.Actor.Id == id);

        open.ForEach(socket => socket.Dispose());
        while (Pace.Left(id, Limit.Windows) < 20)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }

        Assert.Equal(HttpStatusCode.OK, (await jan.LoadAsync("/users")).Status);
    }

    [Fact]
    public async Task Ten_thousand_handshakes_of_one_person_cost_nobody_else_a_window()
    {
        using var omar = await RawBrowser.SignInAsync(app.Root, OtherManager);
        using var mia = await RawBrowser.SignInAsync(app.Root, Agent);
        var begun = TimeProvider.System.GetTimestamp();
        var answers = new ConcurrentDictionary<HttpStatusCode, int>();
        var flood = Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, async (number, _) =>
        {
            if (number % 50 == 0)
            {
                var (socket, status) = await ConnectAsync(omar, null);
                socket?.Dispose();
                Count(status);
            }
            else
            {
                using var request = Negotiation(null);
                using var answer = await omar.SendAsync(request);
                Count(answer.StatusCode);
            }
        });

        await using (var window = await RawCircuit.OpenAsync(mia, "/users?q=lovelace"))
        {
            await window.SeesAsync("Ada Lovelace");
        }

        await flood;
        var minutes = (int)TimeProvider.System.GetElapsedTime(begun).TotalMinutes + 2;
        Assert.Equal(10_000, answers.Values.Sum());
        Assert.Equal([HttpStatusCode.SwitchingProtocols, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers.Keys.Order());
        Assert.InRange(10_000 - answers[HttpStatusCode.TooManyRequests], 1, 120 * minutes);
        while (Pace.Left(Person(OtherManager).Id, Limit.Windows) < 20)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }

        var recorded = (await app.NewestAsync(AuditEventTypes.PolicyDenied)).Count(entry => entry.Event.Detail == "120 new windows a minute");
        Assert.InRange(recorded, 1, minutes);
        await AssertHealthyAsync(mia);

        void Count(HttpStatusCode status) => answers.AddOrUpdate(status, 1, (_, known) => known + 1);
    }

    private static HttpRequestMessage Negotiation(string? origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

        return request;
    }

    /// <summary>A socket to the hub, or how it was refused.</summary>
    private static async Task<(ClientWebSocket? Socket, HttpStatusCode Status)> ConnectAsync(RawBrowser browser, string? origin)
    {
        var socket = new ClientWebSocket { Options = { Cookies = browser.Cookies, CollectHttpResponseDetails = true } };
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        try
        {
            await socket.ConnectAsync(new UriBuilder(browser.Root) { Scheme = "ws", Path = "/_blazor" }.Uri, Token);
            return (socket, HttpStatusCode.SwitchingProtocols);
        }
        catch (WebSocketException)
        {
            using (socket)
            {
                return (null, socket.HttpStatusCode);
            }
        }
    }

    private static async Task AssertNothingIsDrawnAsync(RawBrowser browser, LoadedPage page)
    {
        RawCircuit window;
        try
        {
            window = await RawCircuit.StartAsync(browser, page);
        }
        catch (Exception refused) when (refused is HubException or InvalidOperationException or OperationCanceledException)
        {
            return;
        }

        await using (window)
        {
            await window.Ended.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Token);
            Assert.False(window.HasSeen("Find a user") || window.HasSeen("Grant a role") || window.HasSeen("Lovelace"));
        }
    }

    /// <summary>Jan views as Ada.</summary>
    private async Task<ViewAsSession> OpenSessionAsync()
    {
        var outcome = await app.Services.GetRequiredService<ViewAsDesk>().OpenAsync(
            await app.AsAsync(OtherAgent), User(Ada), new ViewAsPurpose(Why, "Troubleshooting", ""), 15, Token);
        return Assert.IsType<ViewAsOutcome.Opened>(outcome).Session;
    }

    /// <summary>Sends each event to each of the first handlers of a page that was reached inside a window.</summary>
    private static async Task PressEverythingAsync(RawBrowser browser, string page)
    {
        RawCircuit? window = null;
        foreach (var (name, arguments) in new[]
        {
            ("click", new JsonObject { ["type"] = "click", ["detail"] = 1 }),
            ("change", new JsonObject { ["value"] = "Manager" }),
            ("submit", []),
        })
        {
            for (var handler = 1ul; handler <= 120; handler++)
            {
                // What no browser would send may cost the sender the window, and nobody else anything.
                if (window?.Ended.IsCompleted != false)
                {
                    await (window?.DisposeAsync() ?? ValueTask.CompletedTask);
                    window = await RawCircuit.OpenAsync(browser, "/");
                    await window.NavigateAsync(page);
                    await window.RoundTripAsync();
                }

                await Task.WhenAny(window.DispatchAsync(handler, name, arguments), window.Ended);
            }
        }

        await window!.DisposeAsync();
    }

    private async Task RevokeAsync(string person)
    {
        var roles = app.Services.GetRequiredService<RoleBook>();
        await roles.RevokeAsync(await app.AsAsync(Manager), Person(person).Id, Role.Agent, "Left the support team", Token);
    }

    private async Task<List<string>> RolesAsync()
    {
        List<string> roles = [];
        foreach (var person in DemoPeople.All)
        {
            var member = await app.Services.GetRequiredService<RoleBook>().FindAsync(person.Id, Token);
            roles.Add($"{person.Key}: {string.Join(", ", member!.Roles)}");
        }

        return roles;
    }

    private static async Task AssertHealthyAsync(RawBrowser browser)
    {
        using var ready = await browser.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        await using var window = await RawCircuit.OpenAsync(browser, "/users?q=lovelace");
        await window.SeesAsync("Ada Lovelace");
    }
}

/// <summary>Attacks have a console of their own, with the limits that a console has by itself: they use them up.</summary>
[CollectionDefinition(Name)]
public sealed class Attacks : ICollectionFixture<AttackedApp>
{
    public const string Name = "Attacks";
}

public sealed class AttackedApp : ConsoleApp
{
    public AttackedApp() => Settings = new Dictionary<string, string> { ["Limits:SearchesPerMinute"] = "60", ["Limits:SessionsPerHour"] = "30" };
}
