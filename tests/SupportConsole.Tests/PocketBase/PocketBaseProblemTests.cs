using Microsoft.AspNetCore.Http;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.PocketBase;

/// <summary>What the console makes of answers that no well-behaved PocketBase gives.</summary>
public sealed class PocketBaseProblemTests : IAsyncDisposable
{
    private static readonly Caller s_agent = new("abc123", "s-42");

    // {"collectionId":"c","exp":1,"id":"i","type":"auth"} with a made-up signature.
    private const string SomeToken = "eyJhbGciOiJIUzI1NiJ9.eyJjb2xsZWN0aW9uSWQiOiJjIiwiZXhwIjoxLCJpZCI6ImkiLCJ0eXBlIjoiYXV0aCJ9.c2VjcmV0";

    private Relay? _relay;
    private PocketBaseAccess? _console;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_console is not null)
        {
            await _console.DisposeAsync();
        }

        if (_relay is not null)
        {
            await _relay.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(200, "text/html", "<html>secret page</html>", "NotPocketBase")]
    [InlineData(200, "application/json", "{\"token\":\"secret", "NotPocketBase")]
    [InlineData(200, "application/json", "[\"secret\"]", "NotPocketBase")]
    [InlineData(200, "application/json", "{\"token\":\"secret\",\"record\":{\"collectionName\":\"_superusers\"}}", "NotPocketBase")]
    [InlineData(200, "application/json", "{\"token\":\"" + SomeToken + "\",\"record\":{\"collectionName\":\"users\"}}", "NotPocketBase")]
    [InlineData(307, "text/html", "<a href='/secret'>", "NotPocketBase")]
    [InlineData(400, "text/plain", "400 Bad Request: secret", "NotPocketBase")]
    [InlineData(404, "text/html", "secret", "NotPocketBase")]
    [InlineData(400, "application/json", "{\"error\":\"secret\"}", "NotPocketBase")]
    [InlineData(400, "application/json", "{\"data\":{},\"message\":\"secret\",\"status\":400}", "SuperuserRejected")]
    [InlineData(403, "application/json", "{\"data\":{},\"message\":\"secret\",\"status\":403}", "SuperuserRejected")]
    [InlineData(404, "application/json", "{\"data\":{},\"message\":\"secret\",\"status\":404}", "TooOld")]
    [InlineData(401, "application/json", "{\"mfaId\":\"secret\"}", "SecondFactorRequired")]
    [InlineData(429, "application/json", "{\"data\":{},\"message\":\"secret\",\"status\":429}", "RateLimited")]
    [InlineData(429, "text/html", "secret", "RateLimited")]
    [InlineData(500, "application/json", "{\"data\":{},\"message\":\"secret\",\"status\":500}", "Failed")]
    [InlineData(503, "text/html", "<html>secret</html>", "Failed")]
    public async Task An_odd_answer_becomes_a_problem_that_says_what_to_do(int status, string type, string body, string kind)
    {
        await OpenAsync();
        _relay!.AnswerAlways(status, type, body);

        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => _console!.Superuser.ProbeAsync(Cancellation));

        Assert.Equal(kind, problem.Kind.ToString());
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(SomeToken, problem.ToString(), StringComparison.Ordinal);
        Assert.All(_console!.Log.All, line => Assert.DoesNotContain("secret", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_left_in_time()
    {
        await OpenAsync();
        var arrived = new TaskCompletionSource();
        _relay!.Intercept = async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };

        var probe = _console!.Superuser.ProbeAsync(Cancellation);
        await arrived.Task;
        _console.Clock.Advance(TimeSpan.FromSeconds(8));
        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => probe.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation));

        Assert.Equal(PocketBaseProblemKind.TimedOut, problem.Kind);
    }

    [Fact]
    public async Task An_answer_that_never_ends_is_left_in_time()
    {
        await OpenAsync();
        var arrived = new TaskCompletionSource();
        _relay!.Intercept = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"token\":");
            await context.Response.Body.FlushAsync();
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };

        var probe = _console!.Superuser.ProbeAsync(Cancellation);
        await arrived.Task;
        _console.Clock.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(PocketBaseProblemKind.TimedOut, (await Assert.ThrowsAsync<PocketBaseProblem>(() => probe.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation))).Kind);
    }

    [Fact]
    public async Task A_caller_who_leaves_is_no_problem_of_PocketBase()
    {
        await OpenAsync();
        using var leaving = new CancellationTokenSource();
        AnswerAsServer("", "");
        var server = _relay!.Intercept;
        _relay.Intercept = async context =>
        {
            if (context.Request.Path.Value == "/api/files/token")
            {
                await leaving.CancelAsync();
            }

            return await server(context);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _console!.Superuser.ProbeAsync(leaving.Token));
    }

    [Fact]
    public async Task A_connection_cut_in_the_middle_is_an_outage()
    {
        await OpenAsync();
        _relay!.Intercept = async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"token\":");
            await context.Response.Body.FlushAsync();
            context.Abort();
            return true;
        };

        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => _console!.Superuser.ProbeAsync(Cancellation));

        Assert.Equal(PocketBaseProblemKind.Unreachable, problem.Kind);
    }

    [Fact]
    public async Task An_endless_answer_is_not_read_to_its_end()
    {
        await OpenAsync();
        _relay!.AnswerAlways(200, "application/json", "{\"token\":\"" + new string('x', 17 * 1024 * 1024) + "\"}");

        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => _console!.Superuser.ProbeAsync(Cancellation));

        Assert.Equal(PocketBaseProblemKind.TooLarge, problem.Kind);
    }

    [Theory]
    [InlineData("other", 60, 0)]
    [InlineData("target000000000", 432000, 0)]
    [InlineData("target000000000", 1, 0)]
    [InlineData("target000000000", 60, 1)]
    public async Task A_token_for_another_user_or_time_is_thrown_away(string id, int seconds, int otherCollection)
    {
        await OpenAsync();
        var token = Tokens.Make(id, "c1", TimeProvider.System.GetUtcNow().AddSeconds(seconds));
        AnswerAsServer(token, otherCollection == 1 ? "c2" : "c1");
        Assert.True(AppUserId.TryCreate("users", "target000000000", out var user));

        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() =>
            _console!.Superuser.ImpersonateAsync(SuperuserUse.Impersonate, s_agent, user, 60, Cancellation));

        Assert.Equal(PocketBaseProblemKind.TokenRejected, problem.Kind);
        Assert.DoesNotContain(token, problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_clock_is_an_hour_off_does_not_move_the_end_of_a_session()
    {
        await OpenAsync();
        var itsNow = TimeProvider.System.GetUtcNow().AddHours(-1);
        AnswerAsServer(Tokens.Make("target000000000", "c1", itsNow.AddSeconds(60)), "c1", itsNow);
        Assert.True(AppUserId.TryCreate("users", "target000000000", out var user));

        using var session = await _console!.Superuser.ImpersonateAsync(SuperuserUse.Impersonate, s_agent, user, 60, Cancellation);

        Assert.Equal(_console.Clock.GetUtcNow().AddSeconds(60), session.ExpiresAt);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task A_proxy_that_writes_its_own_time_keeps_nobody_out(int seconds)
    {
        await OpenAsync();
        var itsNow = TimeProvider.System.GetUtcNow();
        AnswerAsServer(Tokens.Make("target000000000", "c1", itsNow.AddSeconds(60)), "c1", itsNow.AddSeconds(seconds));
        Assert.True(AppUserId.TryCreate("users", "target000000000", out var user));

        using var session = await _console!.Superuser.ImpersonateAsync(SuperuserUse.Impersonate, s_agent, user, 60, Cancellation);

        Assert.Equal(_console.Clock.GetUtcNow().AddSeconds(60), session.ExpiresAt);
        Assert.Contains(_console.Log.All, line => line.Contains("10 seconds apart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clocks_too_far_apart_are_said_with_their_difference()
    {
        await OpenAsync();
        var itsNow = TimeProvider.System.GetUtcNow();
        AnswerAsServer(Tokens.Make("target000000000", "c1", itsNow.AddSeconds(60)), "c1", itsNow.AddSeconds(90));
        Assert.True(AppUserId.TryCreate("users", "target000000000", out var user));

        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() =>
            _console!.Superuser.ImpersonateAsync(SuperuserUse.Impersonate, s_agent, user, 60, Cancellation));

        Assert.Contains("90 seconds sooner", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_superuser_refused_by_everything_is_rejected_after_one_new_sign_in()
    {
        await OpenAsync();
        AnswerAsServer("", "", refuseReads: true);

        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => _console!.Superuser.ProbeAsync(Cancellation));

        Assert.Equal(PocketBaseProblemKind.SuperuserRejected, problem.Kind);
        Assert.Equal(4, _relay!.Requests.Count);
    }

    [Fact]
    public async Task A_wrong_password_is_not_hammered()
    {
        await OpenAsync();
        _relay!.AnswerAlways(400, "application/json", """{"data":{},"message":"no","status":400}""");

        for (var attempt = 0; attempt < 5; attempt++)
        {
            var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => _console!.Superuser.ProbeAsync(Cancellation));
            Assert.Equal(PocketBaseProblemKind.SuperuserRejected, problem.Kind);
        }

        Assert.Equal(2, _relay.Requests.Count);
        _console!.Clock.Advance(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAsync<PocketBaseProblem>(() => _console.Superuser.ProbeAsync(Cancellation));
        Assert.Equal(3, _relay.Requests.Count);
    }

    private async Task OpenAsync()
    {
        _relay = await Relay.StartAsync();
        _console = new PocketBaseAccess(_relay.Url);
    }

    /// <summary>Plays a server that accepts the superuser and hands out the given token for anybody.</summary>
    private void AnswerAsServer(string token, string recordCollectionId, DateTimeOffset? clock = null, bool refuseReads = false) =>
        _relay!.Intercept = async context =>
        {
            var now = clock ?? TimeProvider.System.GetUtcNow();
            context.Response.Headers.Date = now.ToString("R");
            context.Response.ContentType = "application/json";
            var path = context.Request.Path.Value!;
            if (path.EndsWith("/auth-with-password", StringComparison.Ordinal))
            {
                await context.Response.WriteAsync(
                    $$$"""{"token":"{{{Tokens.Make("root", "su", now.AddDays(1))}}}","record":{"collectionName":"_superusers"}}""");
            }
            else if (refuseReads)
            {
                context.Response.StatusCode = 401;
                await context.Response.WriteAsync("""{"data":{},"message":"no","status":401}""");
            }
            else
            {
                await context.Response.WriteAsync(
                    $$$"""{"token":"{{{token}}}","record":{"id":"target000000000","collectionId":"{{{recordCollectionId}}}","collectionName":"users"}}""");
            }

            return true;
        };
}
