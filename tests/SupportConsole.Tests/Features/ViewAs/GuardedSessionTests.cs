using System.Net;
using Bunit;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.PocketBase;
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
