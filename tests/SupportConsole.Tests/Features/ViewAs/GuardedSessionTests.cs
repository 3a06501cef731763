using System.Net;
using Bunit;
using Microsoft.AspNetCore.Http;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.PocketBase;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>Sessions of an app that has the companion hook: what it changes at the opening, at each read and at the end.</summary>
public sealed class GuardedSessionTests(GuardedApp server) : WindowContext(Agent, server), IClassFixture<GuardedApp>
{
    private const string EndPath = "/api/support-console/end";

    private static readonly AppUserId Ada = User("u8k2m1c0a3l9x7q");

    [Fact]
    public async Task The_opening_proves_the_guard_and_says_so_in_the_trail()
    {
        var session = await Console.OpenAsync(Ada);

        Assert.True(Live(session).WritesBlockedByPocketBase);
        Assert.Equal("15 min · PocketBase refuses writes too", (await Console.EventsAsync(session.Id)).Single(e => e.Type == AuditEventTypes.SessionOpened).Detail);
        var write = Assert.Single(Console.Relay.Requests, request => request.Method is not ("GET" or "POST"));
        Assert.StartsWith("/api/collections/users/records/support-console-self-test-", write.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_posts_is_proved_without_a_second_request()
    {
        var session = await Console.OpenAsync(Ada);
        Console.Relay.Clear();

        Assert.IsType<ReadOutcome<PostList>.Found>(await Console.Reader.PostsAsync(Me, session.Id, after: null, Token));

        Assert.DoesNotContain(Console.Relay.Requests, request => request.Method == "POST");
    }

    [Fact]
    public async Task The_bar_says_who_blocks_writes_and_no_longer_than_it_holds()
    {
        var session = await Console.OpenAsync(Ada);
        var bar = Render<ViewAsBar>(p => p.Add(b => b.Session, session));
        Assert.Contains("writes blocked by the console and by PocketBase", bar.Markup, StringComparison.Ordinal);

        await WithHookAsync(null, async () => Assert.IsType<ReadOutcome<PostList>.Found>(await Console.Reader.PostsAsync(Me, session.Id, after: null, Token)));
        Console.Clock.Advance(TimeSpan.FromSeconds(1));

        await bar.WaitForAssertionAsync(() => Assert.Contains("writes blocked by the console ·", bar.Find(".view-bar-who p").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_ended_sessions_token_is_refused_by_PocketBase_and_anothers_is_not()
    {
        var (one, two) = (await Console.OpenAsync(Ada), await Console.OpenAsync(Ada, OtherAgent));
        var token = TokenOf(one);

        await Console.Desk.EndAsync(Me, one.Id, Token);

        Assert.Equal("ended by agent · PocketBase refuses the token too", await EndOfAsync(one));
        Assert.Equal(HttpStatusCode.Unauthorized, await ReadWithAsync(token));
        Assert.IsType<ReadOutcome<PostList>.Found>(await Console.Reader.PostsAsync(Console.As(OtherAgent), two.Id, after: null, Token));
    }

    [Theory]
    [InlineData(EndReason.Expired)]
    [InlineData(EndReason.Idle)]
    [InlineData(EndReason.RoleRevoked)]
    [InlineData(EndReason.SignedOut)]
    [InlineData(EndReason.UserProtected)]
    public async Task Every_end_refuses_the_token(EndReason reason)
    {
        var session = await Console.OpenAsync(Ada);
        var token = TokenOf(session);

        await Console.Ends.EndAsync(session.Id, reason);

        Assert.Equal(HttpStatusCode.Unauthorized, await ReadWithAsync(token));
        Assert.Equal(reason, EndReasons.Parse(await EndOfAsync(session)));
    }

    [Fact]
    public async Task The_consoles_stop_refuses_every_token()
    {
        string[] tokens = [TokenOf(await Console.OpenAsync(Ada)), TokenOf(await Console.OpenAsync(Ada, OtherAgent))];

        await Console.Watch.StopAsync(CancellationToken.None);

        foreach (var token in tokens)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await ReadWithAsync(token));
        }
    }

    [Fact]
    public async Task A_token_whose_session_did_not_open_is_refused_too()
    {
        Console.Relay.Intercept = context => context.Request.Query["perPage"] == "2" && context.Request.Query["fields"] == "id"
            ? throw new InvalidOperationException("broken on the way")
            : Task.FromResult(false);

        await Assert.ThrowsAsync<PocketBaseProblem>(() => Console.OpenAsync(Ada));

        Assert.Single(Console.Relay.Requests, request => request.Path == EndPath);
        var token = Console.Relay.Requests.Last(request => request.Method == "DELETE").Authorization;
        Assert.Equal(HttpStatusCode.Unauthorized, await ReadWithAsync(token));
    }

    [Fact]
    public async Task An_end_waits_for_nobody_and_says_what_was_not_confirmed()
    {
        var session = await Console.OpenAsync(Ada);
        var asked = new TaskCompletionSource();
        Console.Relay.Intercept = async context =>
        {
            if (context.Request.Path == EndPath)
            {
                asked.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }

            return false;
        };

        var ending = Console.Desk.EndAsync(Me, session.Id, Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        Assert.Null(Console.Sessions.Find(session.Id));
        Console.Clock.Advance(TimeSpan.FromSeconds(1));
        await ending.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);

        Assert.Equal("ended by agent · not confirmed by PocketBase", await EndOfAsync(session));
        Assert.Contains(Console.Log.All, line => line.Contains("PocketBase didn't confirm that it refuses it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_PocketBase_that_is_gone_holds_up_no_end()
    {
        var session = await Console.OpenAsync(Ada);
        await server.StopAsync();
        try
        {
            await Console.Desk.EndAsync(Me, session.Id, Token);
        }
        finally
        {
            await server.StartAsync();
        }

        Assert.Equal("ended by agent · not confirmed by PocketBase", await EndOfAsync(session));
    }

    [Fact]
    public async Task An_end_that_PocketBase_could_not_be_told_of_is_told_again_until_it_confirms_it()
    {
        var session = await Console.OpenAsync(Ada);
        var (token, deaf) = (TokenOf(session), true);
        Console.Relay.Intercept = context => Task.FromResult(deaf && Abort(context));
        await Console.Desk.EndAsync(Me, session.Id, Token);
        var watch = Console.Working<EndedTokenWatch>();
        await watch.StartAsync(Token);
        await Console.Clock.TickUntilAsync(() => Console.Relay.Requests.Count(request => request.Path == EndPath) >= 4);
        Assert.Equal(("ended by agent · not confirmed by PocketBase", HttpStatusCode.OK), (await EndOfAsync(session), await ReadWithAsync(token)));
        Assert.Single(Console.Log.All, line => line.Contains("PocketBase didn't confirm that it refuses it", StringComparison.Ordinal));

        deaf = false;
        await watch.StopAsync(Token);
        Assert.True(await Console.Get<EndedTokens>().TryAgainAsync(Token)); // As it does, by a clock that stands.
        Assert.Equal(0, KeptTokens(Console));

        Assert.Equal(HttpStatusCode.Unauthorized, await ReadWithAsync(token));
        var confirmed = Assert.Single(await Console.EventsAsync(session.Id), e => e.Type == AuditEventTypes.SessionTokenRefused);
        Assert.Equal((AuditActor.System.Id, "session of Mia Chen (demo/mia-chen)", Ada.Record, "Draft is missing from the list"), (confirmed.Actor.Id, confirmed.Detail, confirmed.Subject?.Id, confirmed.Reason));
    }

    /// <summary>Both a stop, which ends sessions, and a crash, which ends nothing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_PocketBase_was_not_told_of_before_a_restart_it_is_told_of_after_it(bool stopped)
    {
        await using var file = new SqliteFile();
        string token;
        ViewAsSession session;
        await using (var before = await ConsoleServices.StartAsync(server, file))
        {
            session = await before.OpenAsync(Ada);
            token = before.Relay.Requests.Last(request => request.UserAgent.StartsWith($"SupportConsole/1.0 (session {session.Id}", StringComparison.Ordinal)).Authorization;
            before.Relay.Intercept = context => Task.FromResult(Abort(context));
            if (stopped)
            {
                await before.Watch.StopAsync(CancellationToken.None);
            }
        }

        await using var after = await ConsoleServices.StartAsync(server, file);
        Assert.Equal((1, HttpStatusCode.OK), (KeptTokens(after), await ReadWithAsync(token)));
        await after.Lifetime.StartAsync(Token);
        var own = await after.OpenAsync(Ada);
        var watch = after.Working<EndedTokenWatch>();
        await watch.StartAsync(Token);
        await after.Clock.TickUntilAsync(() => KeptTokens(after) == 1, busy: () => true); // PocketBase has half a second of it.
        await watch.StopAsync(Token);

        Assert.Equal(HttpStatusCode.Unauthorized, await ReadWithAsync(token));
        Assert.Equal([AuditEventTypes.SessionEnded, AuditEventTypes.SessionTokenRefused], (await after.TypesAsync(session.Id)).TakeLast(2));
        Assert.IsType<ReadOutcome<PostList>.Found>(await after.Reader.PostsAsync(after.As(Agent), own.Id, after: null, Token));
    }

    [Fact]
    public async Task A_token_that_has_ended_by_itself_is_told_of_no_more()
    {
        var session = await Console.OpenAsync(Ada);
        Assert.Equal(1, KeptTokens(Console));
        Console.Relay.Intercept = context => Task.FromResult(Abort(context));
        await Console.Desk.EndAsync(Me, session.Id, Token);
        Console.Relay.Clear();
        Console.Clock.Advance(TimeSpan.FromMinutes(16));

        var watch = Console.Working<EndedTokenWatch>();
        await watch.StartAsync(Token);
        await Console.Clock.TickUntilAsync(() => KeptTokens(Console) == 0);
        await watch.StopAsync(Token);

        Assert.DoesNotContain(Console.Relay.Requests, request => request.Path == EndPath);
        Assert.DoesNotContain(await Console.TypesAsync(session.Id), type => type == AuditEventTypes.SessionTokenRefused);
    }

    [Fact]
    public async Task Of_a_token_whose_end_is_confirmed_nothing_is_kept()
    {
        var session = await Console.OpenAsync(Ada);

        await Console.Desk.EndAsync(Me, session.Id, Token);

        Assert.Equal(0, KeptTokens(Console));
    }

    [Theory]
    [InlineData("0.9")]
    [InlineData("2.0")]
    public async Task A_hook_of_another_major_version_is_not_used(string version)
    {
        var hook = CompanionScript.Text.Replace($"\"{CompanionScript.Version}\"", $"\"{version}\"", StringComparison.Ordinal);
        await WithHookAsync(hook, async () =>
        {
            var session = await Console.OpenAsync(Ada);

            Assert.False(Live(session).WritesBlockedByPocketBase);
            Assert.DoesNotContain(Console.Relay.Requests, request => request.Method == "DELETE");
            Assert.IsType<ReadOutcome<PostList>.Found>(await Console.Reader.PostsAsync(Me, session.Id, after: null, Token));
            Assert.Equal("POST", Console.Relay.Requests.Last(request => request.Authorization == TokenOf(session)).Method);
            await Console.Desk.EndAsync(Me, session.Id, Token);
            Assert.DoesNotContain(Console.Relay.Requests, request => request.Path == EndPath);
        });
    }

    [Fact]
    public async Task Without_a_hook_a_session_opens_reads_and_ends_as_before() =>
        await WithHookAsync(null, async () =>
        {
            var session = await Console.OpenAsync(Ada);
            Assert.IsType<ReadOutcome<PostList>.Found>(await Console.Reader.PostsAsync(Me, session.Id, after: null, Token));
            await Console.Desk.EndAsync(Me, session.Id, Token);

            Assert.Equal("ended by agent", await EndOfAsync(session));
            Assert.DoesNotContain(Console.Relay.Requests, request => request.Method == "DELETE" || request.Path == EndPath);
        });

    private static bool Abort(HttpContext context)
    {
        var isEnd = context.Request.Path == EndPath;
        if (isEnd)
        {
            context.Abort();
        }

        return isEnd;
    }

    private static long KeptTokens(ConsoleServices console)
    {
        using var connection = console.File.Connect();
        return connection.Number("SELECT count(*) FROM session_token");
    }

    private LiveSession Live(ViewAsSession session) => Console.Sessions.Find(session.Id)!;

    private async Task<string?> EndOfAsync(ViewAsSession session) =>
        (await Console.EventsAsync(session.Id)).Single(e => e.Type == AuditEventTypes.SessionEnded).Detail;

    /// <summary>What the console sent last as the user of a session: the test's own look at the wire, there is no other way to it.</summary>
    private string TokenOf(ViewAsSession session) =>
        Console.Relay.Requests.Last(request => request.UserAgent.StartsWith($"SupportConsole/1.0 (session {session.Id}", StringComparison.Ordinal)).Authorization;

    private async Task<HttpStatusCode> ReadWithAsync(string token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url, "/api/collections/posts/records"));
        request.Headers.TryAddWithoutValidation("Authorization", token);
        using var answer = await http.SendAsync(request, Token);
        return answer.StatusCode;
    }

    private async Task WithHookAsync(string? script, Func<Task> test)
    {
        await server.SetHookAsync(CompanionScript.FileName, script);
        try
        {
            await test();
        }
        finally
        {
            await server.SetHookAsync(CompanionScript.FileName, CompanionScript.Text);
        }
    }
}
