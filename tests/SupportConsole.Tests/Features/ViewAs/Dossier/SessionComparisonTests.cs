using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features;
using SupportConsole.Features.ViewAs.Dossier;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs.Dossier;

/// <summary>A session beside the log of a real PocketBase, which writes it when it likes.</summary>
[Collection(DemoApp.Name)]
public sealed class SessionComparisonTests(DemoServer server) : IAsyncLifetime
{
    private const string Post = "pw3lc0met0th3h4";

    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync(server);

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task Every_read_is_found_and_nothing_of_the_consoles_own_is_unexpected()
    {
        var session = await WalkAsync();

        var compared = await _console.ComparedAsync(session.Id, compared => compared.Missing == 0 && compared.Lines > 6);

        Assert.Equal((3, 0, 0), (compared.Expected, compared.Different, compared.UnexpectedCount));
        Assert.All(compared.Matches.Values, match => Assert.Contains(match.Status, (int[])[200, 404]));
        Assert.Contains(compared.Own, own => own.What.Contains("files/token", StringComparison.Ordinal));
        Assert.Contains(compared.Own, own => own.What.Contains("impersonate/", StringComparison.Ordinal));
        Assert.Contains(compared.Own, own => own.What.Contains("probe", StringComparison.Ordinal) && own.Count == 2);
        Assert.Contains(compared.Own, own => own.What.Contains("check-protection", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requests_past_the_console_under_its_mark_are_unexpected_and_no_token_of_theirs_is_shown()
    {
        var session = await WalkAsync();
        using var http = new HttpClient { BaseAddress = server.Url };
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", _console.Get<KeyedHash>().CallerFor(session.Staff, session.Id).AsUserAgent());
        await http.GetAsync(new Uri("/api/collections/comments/records?perPage=1", UriKind.Relative), Token);
        await http.GetAsync(new Uri($"/api/files/posts/{Post}/a.png?token=eyJhbGciOiJIUzI1NiJ9.e30.c2ln", UriKind.Relative), Token);

        var compared = await _console.ComparedAsync(session.Id, compared => compared.Missing == 0 && compared.UnexpectedCount >= 2);

        Assert.Equal(2, compared.UnexpectedCount);
        Assert.All(compared.Unexpected, request => Assert.DoesNotContain("eyJ", request.Line.ToString(), StringComparison.Ordinal));
        Assert.Contains(compared.Unexpected, request => request.Line.Shown.EndsWith("?token=(left out)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_recorded_before_PocketBase_is_asked_as_superuser_and_for_whom()
    {
        var session = await WalkAsync();
        var recorded = -1;
        _console.Relay.Clear();
        _console.Relay.Intercept = async context =>
        {
            if (recorded < 0)
            {
                recorded = (await _console.TypesAsync(session.Id)).Count(type => type == AuditEventTypes.ReadRequested);
            }

            return false;
        };
        var before = (await _console.TypesAsync(session.Id)).Count(type => type == AuditEventTypes.ReadRequested);

        await _console.Get<SessionComparison>().CompareAsync(_console.As(Manager), session.Id, Token);

        Assert.Equal(before + 1, recorded);
        Assert.All(_console.Relay.Requests, request => Assert.StartsWith("SupportConsole/1.0 (compare-log; actor ", request.UserAgent, StringComparison.Ordinal));
        var entry = (await _console.EventsAsync(session.Id))[^1];
        Assert.Equal((AuditEventTypes.SessionCompared, Person(Manager).Id, AuditOutcome.Success, "Ada Lovelace"), (entry.Type, entry.Actor.Id, entry.Outcome, entry.Subject?.Name));
    }

    [Fact]
    public async Task Somebody_elses_none_and_a_live_one_look_the_same_and_ask_nobody()
    {
        var live = await _console.OpenAsync(User("u8k2m1c0a3l9x7q"), OtherAgent);
        var over = await WalkAsync();
        _console.Relay.Clear();
        var comparison = _console.Get<SessionComparison>();

        Assert.Null(await comparison.CompareAsync(_console.As(OtherAgent), over.Id, Token));
        Assert.Null(await comparison.CompareAsync(_console.As(Agent), live.Id, Token));
        Assert.Null(await comparison.CompareAsync(_console.As(Manager), live.Id, Token));
        Assert.Null(await comparison.CompareAsync(_console.As(Agent), "00000000000000000000", Token));

        Assert.Empty(_console.Relay.Requests);
    }

    [Fact]
    public async Task A_log_that_is_switched_off_says_so()
    {
        var session = await WalkAsync();
        await server.AdminAsync(HttpMethod.Patch, "/api/settings", new JsonObject { ["logs"] = new JsonObject { ["maxDays"] = 0 } });
        try
        {
            var compared = await _console.Get<SessionComparison>().CompareAsync(_console.As(Agent), session.Id, Token);

            Assert.Contains("maxDays is 0", compared?.Unavailable, StringComparison.Ordinal);
        }
        finally
        {
            await server.AdminAsync(HttpMethod.Patch, "/api/settings", new JsonObject { ["logs"] = new JsonObject { ["maxDays"] = 7 } });
        }
    }

    [Theory]
    [InlineData("/api/logs", 403)]
    [InlineData("/api/logs", 404)]
    [InlineData("/api/settings", 403)]
    public async Task A_log_or_settings_that_are_closed_say_so(string closed, int status)
    {
        var session = await WalkAsync();
        _console.Relay.Intercept = async context =>
        {
            if (context.Request.Path != closed)
            {
                return false;
            }

            context.Response.StatusCode = status;
            await context.Response.WriteAsJsonAsync(new { data = new { }, message = "Not here.", status });
            return true;
        };

        var compared = await _console.Get<SessionComparison>().CompareAsync(_console.As(Agent), session.Id, Token);

        Assert.Contains(closed == "/api/logs" ? "doesn't let the console at its log" : "couldn't be asked", compared!.Unavailable ?? string.Join(' ', compared.Cautions), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_young_and_an_old_session_say_why_lines_may_be_missing()
    {
        var session = await WalkAsync();
        var comparison = _console.Get<SessionComparison>();

        Assert.Contains("only just ended", string.Join(' ', (await comparison.CompareAsync(_console.As(Agent), session.Id, Token))!.Cautions), StringComparison.Ordinal);

        _console.Clock.Advance(TimeSpan.FromDays(8));
        var old = string.Join(' ', (await comparison.CompareAsync(_console.As(Agent), session.Id, Token))!.Cautions);
        Assert.Contains("this session is older", old, StringComparison.Ordinal);
        Assert.DoesNotContain("only just ended", old, StringComparison.Ordinal);
    }

    /// <summary>A list, a post and one that isn't there; in the time of PocketBase, whose clock is the machine's.</summary>
    private async Task<ViewAsSession> WalkAsync()
    {
        _console.SetToNow();
        var session = await _console.OpenAsync(User("u8k2m1c0a3l9x7q"));
        _console.SetToNow();
        await _console.Reader.PostsAsync(_console.As(Agent), session.Id, after: null, Token);
        _console.SetToNow();
        await _console.Reader.PostAsync(_console.As(Agent), session.Id, Post, Token);
        await _console.Reader.PostAsync(_console.As(Agent), session.Id, "doesnotexist000", Token);
        _console.SetToNow();
        await _console.Desk.EndAsync(_console.As(Agent), session.Id, Token);
        return session;
    }
}
