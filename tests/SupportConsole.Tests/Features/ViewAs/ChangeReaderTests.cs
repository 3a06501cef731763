using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>Following what happens: what the user hears of and nothing else, until the session ends and not a moment longer.</summary>
[Collection(DemoApp.Name)]
public sealed class ChangeReaderTests(DemoServer server) : IAsyncLifetime
{
    private readonly ConcurrentQueue<ChangeNews> _news = new();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<string> _posts = [];
    private ConsoleServices _console = null!;
    private ViewAsSession _session = null!;
    private Task _following = Task.CompletedTask;
    private string _user = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _console = await ConsoleServices.StartAsync(server);
        _user = await server.AddUserAsync($"Follower {Guid.NewGuid():n}");
        _session = await _console.OpenAsync(User(_user), minutes: 60);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var post in _posts)
        {
            await server.RemoveAsync("posts", post);
        }

        _stop.Dispose();
        await _console.DisposeAsync();
    }

    [Fact]
    public async Task What_happens_to_the_users_records_comes_and_to_others_does_not_and_all_is_in_the_trail()
    {
        await FollowAsync();

        var theirs = await AddAsync("Theirs", author: "t0m4shw0rth8b3n");
        var own = await AddAsync("Mine");
        await ChangedAsync(1);
        await server.AdminAsync(HttpMethod.Patch, $"/api/collections/posts/records/{own}", new JsonObject { ["title"] = "Mine too" });
        await ChangedAsync(2);
        await RemoveAsync(own);
        await RemoveAsync(theirs);
        await ChangedAsync(3);

        Assert.Equal([(ChangeKind.Created, "Mine"), (ChangeKind.Updated, "Mine too"), (ChangeKind.Deleted, "Mine too")], Changes.SelectMany(one => one.Newest).Select(one => (one.Kind, one.Name)));
        Assert.All(Changes.SelectMany(one => one.Newest), one => Assert.Equal(own, one.Id));
        var entries = (await _console.EventsAsync(_session.Id)).Where(entry => entry.Type == AuditEventTypes.RecordsFollowed).ToArray();
        Assert.Equal(["from now on", "1 change: 1 created", "1 change: 1 updated", "1 change: 1 deleted"], entries.Select(entry => entry.Detail));
        Assert.All(entries[1..], entry => Assert.Equal((own, 1), (Assert.Single(entry.Target!.RecordIds), entry.Target.Count)));
        Assert.DoesNotContain("Mine", JsonSerializer.Serialize(entries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Past_the_end_of_the_time_box_nothing_comes_though_PocketBase_would_send_it()
    {
        await _console.Desk.EndAsync(_console.As(Agent), _session.Id, Token);
        var began = TimeProvider.System.GetTimestamp();
        _console.SetToNow();
        _session = await _console.OpenAsync(User(_user), minutes: 5); // Less than the longest silence.
        var took = TimeProvider.System.GetElapsedTime(began);
        await FollowAsync();
        // PocketBase's clock goes on until it makes the token, and it writes whole seconds.
        Assert.InRange(Expiry() - _session.EndsAt, TimeSpan.FromSeconds(-1), took);
        using var other = await OtherStreamAsync();

        _console.Clock.Advance(_session.EndsAt - _console.Clock.GetUtcNow() - TimeSpan.FromTicks(1));
        await AddAsync("Just in time");
        await ChangedAsync(1);
        Assert.Equal(2, Streams.Length);

        // Nobody watches over sessions here: the box ends by itself, at that very moment.
        _console.Clock.Advance(TimeSpan.FromTicks(1));
        var late = await AddAsync("Too late");

        await Assert.ThrowsAsync<SessionOverException>(EndedAsync);
        Assert.Equal(["Just in time", "Too late"], [(await other.NextAsync(Token))!.Record.Text("title"), (await other.NextAsync(Token))!.Record.Text("title")]);
        Assert.DoesNotContain(Changes.SelectMany(one => one.Newest), one => one.Id == late);
        Assert.DoesNotContain(await _console.EventsAsync(_session.Id), entry => entry.Target?.RecordIds.Contains(late) == true);
        await UntilAsync(() => Streams.Length == 1); // The other's.
    }

    [Fact]
    public async Task A_token_that_died_meanwhile_shows_nothing_and_ends_the_session()
    {
        await FollowAsync();
        await server.RotateTokenKeyAsync(_user);

        await AddAsync("For everybody", status: "published");

        await Assert.ThrowsAsync<SessionOverException>(EndedAsync);
        Assert.Empty(Changes);
        Assert.Null(_console.Sessions.Find(_session.Id));
        var ended = (await _console.EventsAsync(_session.Id)).Single(entry => entry.Type == AuditEventTypes.SessionEnded);
        Assert.Equal(EndReason.TokenRejected, EndReasons.Parse(ended.Detail));
        await UntilAsync(() => Streams.Length == 0);
    }

    [Fact]
    public async Task A_user_who_is_protected_meanwhile_is_followed_no_further()
    {
        await FollowAsync();
        await server.AdminAsync(HttpMethod.Patch, $"/api/collections/users/records/{_user}", new JsonObject { ["protected"] = true });

        await AddAsync("Private by now");

        await Assert.ThrowsAsync<SessionOverException>(EndedAsync);
        Assert.Empty(Changes);
        Assert.Null(_console.Sessions.Find(_session.Id));
    }

    [Fact]
    public async Task What_can_not_be_recorded_is_not_shown()
    {
        await FollowAsync();
        using (_console.LockTrail())
        {
            await AddAsync("Nowhere written");

            await Assert.ThrowsAsync<NotWrittenException>(EndedAsync);
        }

        Assert.Empty(Changes);
        await UntilAsync(() => Streams.Length == 0);
    }

    [Fact]
    public async Task A_server_that_went_away_is_found_again_and_what_may_be_missing_is_said()
    {
        await FollowAsync();

        await server.StopAsync();
        await UntilAsync(() => _news.Any(one => one is ChangeNews.Lost));
        await server.StartAsync();
        await UntilAsync(() => _news.Count(one => one is ChangeNews.Following) == 2, TimeSpan.FromSeconds(1));
        await AddAsync("After the outage");

        await ChangedAsync(1);
        Assert.Equal("After the outage", Changes[0].Newest[0].Name);
    }

    [Fact]
    public async Task A_connection_that_is_silent_for_longer_than_PocketBase_ever_is_is_made_anew()
    {
        await FollowAsync();

        await UntilAsync(() => _news.Any(one => one is ChangeNews.Lost), TimeSpan.FromMinutes(1));
        await UntilAsync(() => _news.Count(one => one is ChangeNews.Following) == 2, TimeSpan.FromSeconds(1));

        await UntilAsync(() => Streams.Length == 1);
    }

    [Fact]
    public async Task A_server_that_refuses_is_asked_ever_less_often()
    {
        _console.Relay.Intercept = context =>
        {
            var isRealtime = context.Request.Path == "/api/realtime";
            context.Response.StatusCode = isRealtime ? 503 : context.Response.StatusCode;
            return Task.FromResult(isRealtime);
        };
        _following = ReadAsync();
        await UntilAsync(() => _news.Any(one => one is ChangeNews.Lost));

        for (var second = 0; second < 20; second++)
        {
            _console.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System, Token);
        }

        Assert.InRange(Tries, 3, 6); // At 0, 1, 3, 7 and 15 seconds.
        Assert.DoesNotContain(_news, one => one is ChangeNews.Following);
    }

    [Fact]
    public async Task A_flood_is_counted_whole_and_named_in_part()
    {
        const int Flood = 2000;
        var post = await AddAsync("Flooded", status: "published");
        await FollowAsync();

        await Parallel.ForEachAsync(Enumerable.Range(0, Flood), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, async (number, _) =>
            await server.AdminAsync(HttpMethod.Patch, $"/api/collections/posts/records/{post}", new JsonObject { ["title"] = $"Flooded {number}" }));
        await UntilAsync(() => Changes.Sum(one => one.Count) >= Flood, TimeSpan.FromSeconds(1));

        Assert.Equal(Flood, Changes.Sum(one => one.Count));
        Assert.All(Changes, one => Assert.InRange(one.Newest.Count, 1, ChangeSummary.Named));
        var entries = (await _console.EventsAsync(_session.Id)).Where(entry => entry.Type == AuditEventTypes.RecordsFollowed).ToArray();
        Assert.Equal(Flood, entries.Sum(entry => entry.Target!.Count ?? 0));
        Assert.InRange(entries.Length, 2, 40);
        var all = Changes.Aggregate((sum, one) => sum.And(one));
        Assert.Equal((Flood, ChangeSummary.Named), (all.Updated, all.Newest.Count));
    }

    [Fact]
    public async Task Changes_that_come_by_themselves_are_no_sign_of_anybody_at_the_window()
    {
        await FollowAsync();
        _console.Clock.Advance(TimeSpan.FromMinutes(4));

        await AddAsync("Nobody looks");
        await ChangedAsync(1);

        Assert.True(_console.Sessions.Find(_session.Id)!.Idle >= TimeSpan.FromMinutes(4));
    }

    [Fact]
    public async Task Whoever_listens_no_more_leaves_no_connection_behind()
    {
        await FollowAsync();
        Assert.Single(Streams);

        await _stop.CancelAsync();

        await UntilAsync(() => Streams.Length == 0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(EndedAsync);
    }

    [Fact]
    public async Task A_token_stands_in_no_address_and_no_line_of_the_log()
    {
        _console.Relay.Clear();
        await FollowAsync();

        var token = _console.Relay.Requests.First(request => request is { Method: "POST", Path: "/api/realtime" }).Authorization;
        Assert.NotEmpty(token);
        Assert.Empty(_console.Relay.Requests.Single(request => request.Method == "GET" && request.Path.StartsWith("/api/realtime", StringComparison.Ordinal)).Authorization);
        Assert.DoesNotContain(_console.Log.All, line => line.Contains(token, StringComparison.Ordinal));
        Assert.All(_console.Relay.Requests, request => Assert.DoesNotContain(token, request.Path + request.Body, StringComparison.Ordinal));
    }

    private ChangeSummary[] Changes => [.. _news.OfType<ChangeNews.Changed>().Select(one => one.Changes)];

    private Relay.Seen[] Streams => [.. _console.Relay.Open.Where(request => request.Method == "GET" && request.Path.StartsWith("/api/realtime", StringComparison.Ordinal))];

    private int Tries => _console.Relay.Requests.Count(request => request.Path.StartsWith("/api/realtime", StringComparison.Ordinal));

    private async Task FollowAsync()
    {
        _following = ReadAsync();
        await UntilAsync(() => _news.Any(one => one is ChangeNews.Following));
    }

    private Task EndedAsync() => _following.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);

    private async Task ReadAsync()
    {
        await foreach (var news in _console.Get<ChangeReader>().FollowAsync(_console.As(Agent), _session.Id, "posts", _stop.Token))
        {
            _news.Enqueue(news);
        }
    }

    /// <summary>Waits for so many summaries; the next change is then in another second.</summary>
    private async Task ChangedAsync(int summaries)
    {
        await UntilAsync(() => Changes.Length >= summaries);
        if (_session.Left(_console.Clock) > TimeSpan.FromSeconds(1))
        {
            _console.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private async Task UntilAsync(Func<bool> noticed, TimeSpan tick = default)
    {
        for (var waited = Stopwatch.StartNew(); !noticed();)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(40), $"not noticed; heard {string.Join(", ", _news)} and then {_following.Exception?.Message}");
            if (_console.Relay.Open.Count == Streams.Length)
            {
                _console.Clock.Advance(tick); // Not while an answer is waited for, which is given eight seconds by that clock.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(tick == default ? 10 : 100), TimeProvider.System, Token);
        }
    }

    private async Task<string> AddAsync(string title, string? author = null, string status = "draft")
    {
        var post = new JsonObject { ["title"] = title, ["body"] = "<p>Text</p>", ["author"] = author ?? _user, ["status"] = status };
        var id = (await server.AdminAsync(HttpMethod.Post, "/api/collections/posts/records", post)).GetProperty("id").GetString()!;
        _posts.Add(id);
        return id;
    }

    private async Task RemoveAsync(string post)
    {
        _posts.Remove(post);
        await server.RemoveAsync("posts", post);
    }

    /// <summary>When the token that the console uses ends, by its own claim.</summary>
    private DateTimeOffset Expiry()
    {
        var token = _console.Relay.Requests.Last(request => request is { Method: "POST", Path: "/api/realtime" }).Authorization;
        var claims = JsonSerializer.Deserialize<JsonElement>(WebEncoders.Base64UrlDecode(token.Split('.')[1]));
        return DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64());
    }

    /// <summary>The same user's changes past the session, as any client would get them with the same token.</summary>
    private async Task<RecordChanges> OtherStreamAsync() =>
        await _console.Sessions.Find(_session.Id)!.Client.ReadChangesAsync("posts", ["id", "title"], Token);
}
