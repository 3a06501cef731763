using System.Text.Json.Nodes;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.SignIn;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.PocketBase;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

[Collection(DemoApp.Name)]
public sealed class SessionWatchTests(DemoServer server) : IAsyncLifetime
{
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _console = await ConsoleServices.StartAsync(server);
        await _console.Watch.StartAsync(Token);
        await _console.UserWatch.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _console.UserWatch.StopAsync(CancellationToken.None);
        await _console.Watch.StopAsync(CancellationToken.None);
        await _console.DisposeAsync();
    }

    [Fact]
    public async Task A_session_ends_when_its_time_box_does()
    {
        var session = await OpenAsync(5);
        await ReadAtAsync(session, session.EndsAt - TimeSpan.FromSeconds(5));

        await AssertEndsAsync(session, EndReason.Expired);

        Assert.True(_console.Clock.GetUtcNow() >= session.EndsAt);
    }

    [Fact]
    public async Task A_session_in_which_nothing_is_read_ends_at_the_idle_limit()
    {
        var session = await OpenAsync(60);
        await ReadAtAsync(session, session.StartedAt.AddMinutes(9));
        _console.Clock.SetUtcNow(session.StartedAt.AddMinutes(18));

        await AssertEndsAsync(session, EndReason.Idle);

        Assert.True(_console.Clock.GetUtcNow() >= session.StartedAt.AddMinutes(19));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_before_it_returns()
    {
        var session = await OpenAsync();
        var staff = new ActingStaff((await _console.Roles.FindAsync(Person(Agent).Id, Token))!, null);

        await _console.SignIn.TryEndAsync(staff, SignInOf(Agent));

        await AssertEndedAsync(session, EndReason.SignedOut);
    }

    [Fact]
    public async Task Another_sign_in_of_the_same_agent_that_ends_leaves_the_session_alone()
    {
        var session = await OpenAsync();
        var staff = new ActingStaff((await _console.Roles.FindAsync(Person(Agent).Id, Token))!, null);
        var forgotten = await _console.SignIn.BeginAsync(
            new ProvenPerson(staff.Member.Id, staff.Member.Name, staff.Member.Email, _console.Clock.GetUtcNow()), null, Token);

        await _console.SignIn.TryEndAsync(staff, forgotten);
        await _console.Clock.TickUntilAsync(() => _console.Clock.GetUtcNow() > session.StartedAt.AddSeconds(5));

        Assert.Single(_console.Sessions.All());
    }

    [Fact]
    public async Task A_forgotten_browser_that_grew_idle_leaves_the_session_of_another_alone()
    {
        var session = await OpenAsync();
        var agent = Person(Agent);
        var forgotten = await _console.SignIn.BeginAsync(new ProvenPerson(agent.Id, agent.Name, agent.Email, _console.Clock.GetUtcNow()), null, Token);
        using (var connection = _console.File.Connect())
        {
            connection.Run($"UPDATE sign_in SET seen_at = 0 WHERE id = '{forgotten}'");
        }

        await _console.SignIn.EndOverdueAsync(Token);
        await _console.Clock.TickUntilAsync(() => _console.Clock.GetUtcNow() > session.StartedAt.AddSeconds(5));

        Assert.Null(await _console.SignIn.FindAsync(agent.Id, forgotten, Token));
        Assert.Single(_console.Sessions.All());
    }

    [Fact]
    public async Task A_sign_in_whose_end_nobody_heard_of_takes_its_session_along_at_the_next_sweep()
    {
        var session = await OpenAsync();
        using (var connection = _console.File.Connect())
        {
            connection.Run($"UPDATE sign_in SET ended_at = 0 WHERE id = '{SignInOf(Agent)}'");
        }

        await AssertEndsAsync(session, EndReason.SignedOut);
    }

    [Fact]
    public async Task The_sign_in_is_not_in_the_trail()
    {
        var session = await OpenAsync();
        await _console.Desk.EndAsync(_console.As(Agent), session.Id, Token);

        Assert.All(await _console.EventsAsync(), recorded => Assert.DoesNotContain(SignInOf(Agent), recorded.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(SignInOf(Agent), session.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoking_the_role_ends_the_session_before_it_returns()
    {
        var session = await OpenAsync();

        await _console.Roles.RevokeAsync(_console.As(Manager), Person(Agent).Id, Role.Agent, "Left the support team", Token);

        await AssertEndedAsync(session, EndReason.RoleRevoked);
    }

    [Fact]
    public async Task Another_role_more_or_less_leaves_the_session_alone()
    {
        await OpenAsync();

        await _console.Roles.GrantAsync(_console.As(Manager), Person(Agent).Id, Role.Admin, "Covers the weekend", until: null, Token);
        await _console.Roles.RevokeAsync(_console.As(Manager), Person(Agent).Id, Role.Admin, "Weekend is over", Token);

        Assert.Single(_console.Sessions.All());
    }

    [Fact]
    public async Task A_user_who_is_removed_or_becomes_protected_is_no_longer_viewed_a_minute_later()
    {
        var leaver = await server.AddUserAsync("Is Removed");
        var guarded = await server.AddUserAsync("Becomes Protected");
        var first = await _console.OpenAsync(User(leaver));
        var second = await _console.OpenAsync(User(guarded), OtherAgent);
        await server.RemoveAsync("users", leaver);
        await server.AdminAsync(HttpMethod.Patch, $"/api/collections/users/records/{guarded}", new JsonObject { ["protected"] = true });
        _console.Clock.Advance(TimeSpan.FromSeconds(58));

        await AssertEndsAsync(first, EndReason.UserGone);
        await AssertEndsAsync(second, EndReason.UserProtected);

        await server.RemoveAsync("users", guarded);
    }

    [Fact]
    public async Task An_outage_of_pocketbase_ends_no_session_and_does_not_stop_the_watch()
    {
        var session = await OpenAsync(5);
        _console.Relay.Intercept = context => { context.Abort(); return Task.FromResult(true); };
        _console.Clock.Advance(TimeSpan.FromSeconds(59));
        for (var second = 0; second < 5; second++)
        {
            _console.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Single(_console.Sessions.All());
        _console.Clock.SetUtcNow(session.EndsAt - TimeSpan.FromSeconds(1));
        await AssertEndsAsync(session, EndReason.Expired);
    }

    [Fact]
    public async Task An_end_the_trail_did_not_take_follows_at_a_later_tick()
    {
        var session = await OpenAsync();
        using (_console.LockTrail())
        {
            await _console.Desk.EndAsync(_console.As(Agent), session.Id, Token);
        }

        await _console.Clock.TickUntilAsync(async () => (await _console.TypesAsync(session.Id)).Contains(AuditEventTypes.SessionEnded));

        Assert.Single(await _console.TypesAsync(session.Id), type => type == AuditEventTypes.SessionEnded);
    }

    [Fact]
    public async Task An_orderly_stop_ends_every_session()
    {
        var session = await OpenAsync();

        await _console.Watch.StopAsync(Token);

        await AssertEndedAsync(session, EndReason.ConsoleStopped);
    }

    [Fact]
    public async Task An_ended_session_is_told_to_its_agent_and_to_whoever_sees_all()
    {
        var session = await OpenAsync();
        await _console.Reader.PostsAsync(_console.As(Agent), session.Id, after: null, Token);
        var history = _console.Get<SessionHistory>();
        Assert.Null(await history.FindAsync(_console.As(Agent), session.Id, Token));

        await _console.Desk.EndAsync(_console.As(Agent), session.Id, Token);

        Assert.Equal(1, (await history.FindAsync(_console.As(Agent), session.Id, Token))?.Outline.Reads);
        Assert.NotNull(await history.FindAsync(_console.As(Manager), session.Id, Token));
        Assert.Null(await history.FindAsync(_console.As(OtherAgent), session.Id, Token));
        Assert.Null(await history.FindAsync(_console.As(OtherAgent), "00000000000000000000", Token));
    }

    private Task<ViewAsSession> OpenAsync(int minutes = 15) => _console.OpenAsync(User("u8k2m1c0a3l9x7q"), minutes: minutes);

    private async Task ReadAtAsync(ViewAsSession session, DateTimeOffset at)
    {
        _console.Clock.SetUtcNow(at);
        Assert.IsType<ReadOutcome<PostList>.Found>(await _console.Reader.PostsAsync(_console.As(Agent), session.Id, after: null, Token));
    }

    private async Task AssertEndsAsync(ViewAsSession session, EndReason reason)
    {
        await _console.Clock.TickUntilAsync(async () => (await _console.TypesAsync(session.Id)).Contains(AuditEventTypes.SessionEnded));
        await AssertEndedAsync(session, reason);
    }

    private async Task AssertEndedAsync(ViewAsSession session, EndReason reason)
    {
        Assert.Null(_console.Sessions.Find(session.Id));
        Assert.Equal(reason, EndReasons.Parse((await _console.EventsAsync(session.Id)).Single(e => e.Type == AuditEventTypes.SessionEnded).Detail));
    }
}
