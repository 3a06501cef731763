using System.Security.Cryptography;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.PocketBase;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

[Collection(DemoApp.Name)]
public sealed class ViewAsDeskTests(DemoServer server) : IAsyncLifetime
{
    private static readonly AppUserId Ada = User("u8k2m1c0a3l9x7q");
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync(server);

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_session_leaves_its_whole_story_in_the_trail()
    {
        var session = await _console.OpenAsync(Ada);
        await _console.Reader.PostsAsync(_console.As(Agent), session.Id, after: null, Token);
        await _console.Desk.EndAsync(_console.As(Agent), session.Id, Token);

        var events = await _console.EventsAsync(session.Id);
        Assert.Equal(
            [AuditEventTypes.SessionRequested, AuditEventTypes.SessionOpened, AuditEventTypes.ReadRequested, AuditEventTypes.RecordsListed, AuditEventTypes.SessionEnded],
            events.Select(e => e.Type));
        Assert.All(events, e => Assert.Equal(
            (Person(Agent).Id, "Draft is missing from the list", "Troubleshooting", "SUP-12", AuditOutcome.Success),
            (e.Actor.Id, e.Reason, e.Category, e.Ticket, e.Outcome)));
        Assert.All(events[1..], e => Assert.Equal(new AuditSubject("users", Ada.Record, "Ada Lovelace"), e.Subject));
        Assert.All(events, e => Assert.Equal([Role.Agent], e.Actor.Roles));
        Assert.Equal((PostReader.PageLength, PostReader.PageLength), (events[3].Target?.Count, events[3].Target?.RecordIds.Length));
        Assert.Equal("ended by agent", events[4].Detail);
    }

    [Fact]
    public async Task The_wish_is_recorded_before_pocketbase_is_asked()
    {
        string[]? recorded = null;
        _console.Relay.Intercept = async _ =>
        {
            recorded ??= await _console.TypesAsync();
            return false;
        };

        await _console.OpenAsync(Ada);

        Assert.Equal([AuditEventTypes.SessionRequested], recorded!);
    }

    [Fact]
    public async Task Fifty_clicks_at_once_open_one_session_and_the_others_are_told_why()
    {
        var window = _console.As(Agent);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(ClickAsync, Token)));

        Assert.Single(outcomes, outcome => outcome is ViewAsOutcome.Opened);
        Assert.Equal(29, outcomes.OfType<ViewAsOutcome.Refused>().Count(refused => refused.Rules.Single(rule => !rule.Met).Rule == "one session"));
        Assert.Single(_console.Sessions.All());
        Assert.Single(_console.Relay.Requests, request => request.Path.Contains("/impersonate/", StringComparison.Ordinal));
        var types = await _console.TypesAsync();
        Assert.Equal((30, 1, 29), (Count(AuditEventTypes.SessionRequested), Count(AuditEventTypes.SessionOpened), Count(AuditEventTypes.SessionDenied)));
        Assert.Equal(1, Count(AuditEventTypes.PolicyDenied));

        int Count(string type) => types.Count(t => t == type);

        // Null for the twenty that are too many within an hour.
        async Task<ViewAsOutcome?> ClickAsync()
        {
            try
            {
                return await _console.Desk.OpenAsync(window, Ada, Purpose, 15, Token);
            }
            catch (TooOftenException refusal)
            {
                Assert.Contains("30 sessions an hour. Nothing was done. Try again in 2 minutes.", refusal.Message, StringComparison.Ordinal);
                return null;
            }
        }
    }

    [Fact]
    public async Task Every_agent_has_a_session_of_their_own()
    {
        await _console.OpenAsync(Ada);
        await _console.OpenAsync(Ada, OtherAgent);

        Assert.Equal(2, _console.Sessions.All().Count);
    }

    [Fact]
    public async Task A_session_ended_makes_room_for_the_next()
    {
        var first = await _console.OpenAsync(Ada);
        await _console.Desk.EndAsync(_console.As(Agent), first.Id, Token);

        var second = await _console.OpenAsync(Ada);

        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public async Task A_place_is_given_back_by_whoever_took_it_and_by_nobody_else()
    {
        var (sessions, agent) = (_console.Sessions, Person(Agent).Id);
        var live = sessions.Find((await _console.OpenAsync(Ada)).Id)!;
        Assert.Null(sessions.TryTakePlace(agent));
        Assert.True(sessions.TryEnd(live.Session.Id, out _));

        // An attempt whose session is ended again before the attempt itself is over, and one that failed and is told so twice.
        var first = sessions.TryTakePlace(agent)!;
        first.Fill(live);
        Assert.True(sessions.TryEnd(live.Session.Id, out _));
        var second = sessions.TryTakePlace(agent)!;
        first.Dispose();
        Assert.Null(sessions.TryTakePlace(agent));
        second.Dispose();
        using var third = sessions.TryTakePlace(agent);
        second.Dispose();

        Assert.NotNull(third);
        Assert.Null(sessions.TryTakePlace(agent));
        using var others = sessions.TryTakePlace(Person(OtherAgent).Id);
        Assert.NotNull(others);
    }

    [Fact]
    public async Task Whatever_waits_for_a_session_its_end_is_recorded_and_its_place_free()
    {
        var session = await _console.OpenAsync(Ada);
        using var throws = _console.Sessions.Find(session.Id)!.Over.Register(() => throw new InvalidOperationException("A read that breaks off badly"));

        await _console.Desk.EndAsync(_console.As(Agent), session.Id, Token);

        Assert.Single(await _console.TypesAsync(session.Id), type => type == AuditEventTypes.SessionEnded);
        await _console.OpenAsync(Ada);
    }

    [Fact]
    public async Task A_window_in_which_the_time_box_runs_out_ends_it_and_not_before()
    {
        var session = await _console.OpenAsync(Ada);
        _console.Clock.Advance(session.Limit - TimeSpan.FromSeconds(2));
        await _console.Desk.EndOverdueAsync(session.Id);
        Assert.Single(_console.Sessions.All());

        _console.Clock.Advance(TimeSpan.FromSeconds(2));
        await _console.Desk.EndOverdueAsync(session.Id);
        await _console.Desk.EndOverdueAsync(session.Id);

        Assert.Empty(_console.Sessions.All());
        var ended = Assert.Single(await _console.EventsAsync(session.Id), entry => entry.Type == AuditEventTypes.SessionEnded);
        Assert.Equal((EndReason.Expired, StaffId.System), (EndReasons.Parse(ended.Detail), ended.Actor.Id));
    }

    [Fact]
    public async Task A_role_that_goes_in_the_second_in_which_the_time_box_runs_out_is_no_refusal()
    {
        var session = await _console.OpenAsync(Ada);
        _console.Clock.Advance(session.Limit);
        await _console.Roles.RevokeAsync(_console.As(Manager), Person(Agent).Id, Role.Agent, "Left the support team", Token);

        await _console.Desk.EndOverdueAsync(session.Id);

        Assert.Empty(_console.Sessions.All());
        Assert.DoesNotContain(AuditEventTypes.PolicyDenied, await _console.TypesAsync());
    }

    [Theory]
    [InlineData("q9w8e7r6t5y4u3i", 15, "Draft is missing", "SUP-12", "protected user")]
    [InlineData("u8k2m1c0a3l9x7q", 0, "Draft is missing", "SUP-12", "time box")]
    [InlineData("u8k2m1c0a3l9x7q", -1, "Draft is missing", "SUP-12", "time box")]
    [InlineData("u8k2m1c0a3l9x7q", 7200, "Draft is missing", "SUP-12", "time box")]
    [InlineData("u8k2m1c0a3l9x7q", 15, "            ", "SUP-12", "reason")]
    [InlineData("u8k2m1c0a3l9x7q", 15, "too short", "SUP-12", "reason")]
    public async Task What_a_rule_forbids_is_refused_recorded_and_never_asked_for(string user, int minutes, string reason, string ticket, string rule)
    {
        var outcome = await _console.Desk.OpenAsync(
            _console.As(Agent), User(user), new ViewAsPurpose(reason, "Troubleshooting", ticket), minutes, Token);

        var refused = Assert.IsType<ViewAsOutcome.Refused>(outcome);
        Assert.Equal(rule, Assert.Single(refused.Rules, r => !r.Met).Rule);
        var events = (await _console.EventsAsync())[^2..];
        Assert.Equal([AuditEventTypes.SessionRequested, AuditEventTypes.SessionDenied], events.Select(e => e.Type));
        Assert.Equal((AuditOutcome.Denied, rule), (events[1].Outcome, events[1].Detail));
        Assert.DoesNotContain(_console.Relay.Requests, request => request.Path.Contains("/impersonate/", StringComparison.Ordinal));
        Assert.Empty(_console.Sessions.All());
    }

    [Fact]
    public async Task A_reason_of_ten_megabytes_is_refused_and_its_beginning_recorded()
    {
        var outcome = await _console.Desk.OpenAsync(
            _console.As(Agent), Ada, Purpose with { Reason = new string('é', 10 * 1024 * 1024), Ticket = new string('x', 1024 * 1024) }, 15, Token);

        Assert.IsType<ViewAsOutcome.Refused>(outcome);
        var denied = (await _console.EventsAsync())[^1];
        Assert.Equal((ReasonText.MaxLength, ViewAsPolicy.TicketMaxLength), (denied.Reason?.Length, denied.Ticket?.Length));
    }

    [Theory]
    [InlineData(Admin)]
    [InlineData(Manager)]
    public async Task Whoever_may_not_view_as_users_asks_nobody_and_is_recorded(string person)
    {
        await Assert.ThrowsAsync<DutyRefusedException>(() => _console.Desk.OpenAsync(_console.As(person), Ada, Purpose, 15, Token));

        Assert.Empty(_console.Relay.Requests);
        Assert.Equal([AuditEventTypes.PolicyDenied], await _console.TypesAsync());
    }

    [Theory]
    [InlineData("service_accounts", "s3rv1cenewsl3t7")]
    [InlineData("posts", "pw3lc0met0th3h4")]
    [InlineData("staff", "mia-chen")]
    [InlineData("superusers", "mia-chen")]
    public async Task A_collection_that_is_not_listed_is_not_viewed_as(string collection, string record)
    {
        var refusal = await Assert.ThrowsAsync<PocketBaseProblem>(
            () => _console.Desk.OpenAsync(_console.As(Agent), User(record, collection), Purpose, 15, Token));

        Assert.Equal(PocketBaseProblemKind.NotAllowed, refusal.Kind);
        Assert.Empty(_console.Relay.Requests);
        Assert.Equal([AuditEventTypes.SessionRequested, AuditEventTypes.SessionOpenFailed], await _console.TypesAsync());
    }

    [Fact]
    public async Task A_user_who_is_not_there_can_not_be_viewed_as()
    {
        var failure = await Assert.ThrowsAsync<PocketBaseProblem>(
            () => _console.Desk.OpenAsync(_console.As(Agent), User("n0b0dyhasth1s1d"), Purpose, 15, Token));

        Assert.Equal(PocketBaseProblemKind.Gone, failure.Kind);
        Assert.Equal([AuditEventTypes.SessionRequested, AuditEventTypes.SessionOpenFailed], await _console.TypesAsync());
    }

    [Fact]
    public async Task A_session_is_not_opened_inside_another()
    {
        var first = await _console.OpenAsync(Ada);

        var outcome = await _console.Desk.OpenAsync(_console.As(Agent), User("q9w8e7r6t5y4u3i"), Purpose, 15, Token);

        Assert.Equal(["protected user", "one session"], Assert.IsType<ViewAsOutcome.Refused>(outcome).Rules.Where(rule => !rule.Met).Select(rule => rule.Rule));
        Assert.Equal(first, Assert.Single(_console.Sessions.All()));
        Assert.Single(_console.Relay.Requests, request => request.Path.Contains("/impersonate/", StringComparison.Ordinal));
        Assert.Equal(AuditEventTypes.SessionDenied, (await _console.TypesAsync())[^1]);
    }

    [Fact]
    public async Task An_id_of_the_consoles_own_is_no_user()
    {
        var session = await _console.OpenAsync(Ada, OtherAgent);

        foreach (var id in new[] { session.Id, "mia-chen", "demo-mia-chen", "system" })
        {
            var failure = await Assert.ThrowsAsync<PocketBaseProblem>(() => _console.Desk.OpenAsync(_console.As(Agent), User(id), Purpose, 15, Token));

            Assert.Equal(PocketBaseProblemKind.Gone, failure.Kind);
            Assert.Equal([AuditEventTypes.SessionRequested, AuditEventTypes.SessionOpenFailed], (await _console.TypesAsync())[^2..]);
        }

        Assert.False(AppUserId.TryCreate("users", Person(Agent).Id.Value, out _));
        Assert.Single(_console.Sessions.All());
    }

    [Fact]
    public async Task A_thousand_guessed_session_ids_are_answered_alike()
    {
        var live = await _console.OpenAsync(Ada, OtherAgent);
        var over = await _console.OpenAsync(Ada);
        await _console.Desk.EndAsync(_console.As(Agent), over.Id, Token);
        _console.Relay.Clear();
        var colleague = _console.As(Agent);
        var answers = new HashSet<string>();
        foreach (var guess in Guesses().Take(1000))
        {
            Assert.Null(await _console.Get<SessionHistory>().FindAsync(colleague, guess, Token));
            answers.Add((await Assert.ThrowsAsync<SessionOverException>(() => _console.Reader.PostsAsync(colleague, guess, null, Token))).Message);
            answers.Add((await Assert.ThrowsAsync<SessionOverException>(() => _console.Reader.PostAsync(colleague, guess, "pw3lc0met0th3h4", Token))).Message);
        }

        // Somebody else's live session, read by its true id, looks as if it weren't there.
        Assert.Null(await _console.Get<SessionHistory>().FindAsync(colleague, live.Id, Token));
        answers.Add((await Assert.ThrowsAsync<SessionOverException>(() => _console.Reader.PostsAsync(colleague, live.Id, null, Token))).Message);
        Assert.Single(answers);
        Assert.Empty(_console.Relay.Requests);
        Assert.Single(_console.Sessions.All());

        IEnumerable<string> Guesses()
        {
            for (var place = 0; place < live.Id.Length; place++)
            {
                yield return live.Id[..place] + (live.Id[place] == '0' ? '1' : '0') + live.Id[(place + 1)..];
                yield return live.Id[..place];
            }

            yield return live.Id.ToUpperInvariant() + "0";
            yield return live.Id + " ";
            yield return live.Id + "%";
            yield return "' OR 1=1 --";
            while (true)
            {
                yield return RandomNumberGenerator.GetHexString(20, lowercase: true);
            }
        }
    }

    [Fact]
    public async Task An_outage_leaves_no_session_and_gives_the_place_back()
    {
        _console.Relay.Intercept = context => { context.Abort(); return Task.FromResult(true); };
        await Assert.ThrowsAsync<PocketBaseProblem>(() => _console.Desk.OpenAsync(_console.As(Agent), Ada, Purpose, 15, Token));
        Assert.Equal([AuditEventTypes.SessionRequested, AuditEventTypes.SessionOpenFailed], await _console.TypesAsync());

        _console.Relay.Intercept = _ => Task.FromResult(false);
        await _console.OpenAsync(Ada);
    }

    [Theory]
    [InlineData("/impersonate/")]
    [InlineData("/api/files/token")]
    public async Task A_failure_half_way_leaves_no_session_and_gives_the_place_back(string path)
    {
        _console.Relay.Intercept = context =>
        {
            if (context.Request.Path.Value!.Contains(path, StringComparison.Ordinal))
            {
                context.Response.StatusCode = 502;
                return Task.FromResult(true);
            }

            return Task.FromResult(false);
        };
        await Assert.ThrowsAsync<PocketBaseProblem>(() => _console.Desk.OpenAsync(_console.As(Agent), Ada, Purpose, 15, Token));
        Assert.Empty(_console.Sessions.All());
        Assert.Equal(AuditEventTypes.SessionOpenFailed, (await _console.TypesAsync())[^1]);

        _console.Relay.Intercept = _ => Task.FromResult(false);
        await _console.OpenAsync(Ada);
    }

    [Fact]
    public async Task Somebody_who_left_while_the_session_was_being_opened_has_none()
    {
        using var left = new CancellationTokenSource();
        _console.Relay.Intercept = async context =>
        {
            if (context.Request.Path.Value!.Contains("/impersonate/", StringComparison.Ordinal))
            {
                await left.CancelAsync();
            }

            return false;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _console.Desk.OpenAsync(_console.As(Agent), Ada, Purpose, 15, left.Token));

        Assert.Empty(_console.Sessions.All());
        Assert.Equal([AuditEventTypes.SessionRequested, AuditEventTypes.SessionOpenFailed], await _console.TypesAsync());
    }

    [Fact]
    public async Task A_locked_trail_opens_nothing_and_asks_nobody()
    {
        using (_console.LockTrail())
        {
            await Assert.ThrowsAsync<NotWrittenException>(() => _console.Desk.OpenAsync(_console.As(Agent), Ada, Purpose, 15, Token));
        }

        Assert.Empty(_console.Relay.Requests);
        await _console.OpenAsync(Ada);
    }

    [Fact]
    public async Task A_trail_that_locks_half_way_leaves_no_session()
    {
        IDisposable? held = null;
        _console.Relay.Intercept = context =>
        {
            if (context.Request.Path.Value!.Contains("/impersonate/", StringComparison.Ordinal))
            {
                held ??= _console.LockTrail();
            }

            return Task.FromResult(false);
        };

        await Assert.ThrowsAsync<NotWrittenException>(() => _console.Desk.OpenAsync(_console.As(Agent), Ada, Purpose, 15, Token));
        held!.Dispose();

        Assert.Empty(_console.Sessions.All());
        await _console.OpenAsync(Ada);
    }

    [Fact]
    public async Task The_time_box_is_the_one_asked_for_and_never_pocketbases_default()
    {
        foreach (var minutes in _console.Desk.Policy.Minutes)
        {
            var session = await _console.OpenAsync(Ada, minutes: minutes);
            Assert.Equal(TimeSpan.FromMinutes(minutes), session.Limit);
            await _console.Desk.EndAsync(_console.As(Agent), session.Id, Token);
        }

        Assert.Equal(
            ["""{"duration":300}""", """{"duration":900}""", """{"duration":1800}""", """{"duration":3600}"""],
            _console.Relay.Requests.Where(request => request.Path.Contains("/impersonate/", StringComparison.Ordinal)).Select(request => request.Body));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(26)]
    public async Task A_clock_that_differs_from_pocketbases_changes_nothing_about_the_time_box(int hours)
    {
        _console.Clock.SetUtcNow(new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hours));
        var now = _console.Clock.GetUtcNow();

        var session = await _console.OpenAsync(Ada, minutes: 5);

        Assert.Equal((now, now.AddMinutes(5)), (session.StartedAt, session.EndsAt));
        _console.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.IsType<ReadOutcome<PostList>.Found>(await _console.Reader.PostsAsync(_console.As(Agent), session.Id, after: null, Token));
        _console.Clock.Advance(TimeSpan.FromTicks(1));
        await Assert.ThrowsAsync<SessionOverException>(() => _console.Reader.PostsAsync(_console.As(Agent), session.Id, after: null, Token));
    }

    [Fact]
    public async Task A_role_revoked_while_the_session_was_being_opened_ends_it()
    {
        _console.Relay.Intercept = async context =>
        {
            if (context.Request.Path.Value!.Contains("/impersonate/", StringComparison.Ordinal))
            {
                await _console.Roles.RevokeAsync(_console.As(Manager), Person(Agent).Id, Role.Agent, "Left the support team", Token);
            }

            return false;
        };

        await Assert.ThrowsAsync<DutyRefusedException>(() => _console.Desk.OpenAsync(_console.As(Agent), Ada, Purpose, 15, Token));

        Assert.Empty(_console.Sessions.All());
        Assert.Contains(await _console.EventsAsync(), e => e.Type == AuditEventTypes.SessionEnded && EndReasons.Parse(e.Detail) == EndReason.RoleRevoked);
    }

    [Theory]
    [InlineData(Admin)]
    [InlineData(Manager)]
    public async Task An_admin_or_manager_may_end_anybodys_session(string person)
    {
        var session = await _console.OpenAsync(Ada);

        await _console.Desk.EndAsync(_console.As(person), session.Id, Token);

        Assert.Empty(_console.Sessions.All());
        var ended = (await _console.EventsAsync(session.Id))[^1];
        Assert.Equal((Person(person).Id, EndReason.EndedByColleague), (ended.Actor.Id, EndReasons.Parse(ended.Detail)));
        Assert.Contains("Mia Chen (demo/mia-chen)", ended.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_can_not_end_a_colleagues_session()
    {
        var session = await _console.OpenAsync(Ada);

        await Assert.ThrowsAsync<DutyRefusedException>(() => _console.Desk.EndAsync(_console.As(OtherAgent), session.Id, Token));

        Assert.Single(_console.Sessions.All());
        Assert.Equal(AuditEventTypes.PolicyDenied, (await _console.TypesAsync())[^1]);
    }

    [Fact]
    public async Task A_session_ends_once()
    {
        var session = await _console.OpenAsync(Ada);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => _console.Ends.EndAsync(session.Id, EndReason.Idle), Token)));

        // Whoever presses the button when it is over already has what they wanted; there is no second end to record.
        await _console.Desk.EndAsync(_console.As(Agent), session.Id, Token);
        await _console.Desk.EndAsync(_console.As(Admin), session.Id, Token);
        await _console.Desk.EndForAnotherAsync(_console.As(Agent), Token);

        var ended = Assert.Single(await _console.EventsAsync(session.Id), occurred => occurred.Type == AuditEventTypes.SessionEnded);
        Assert.Equal(EndReason.Idle, EndReasons.Parse(ended.Detail));
    }

    [Fact]
    public async Task Asking_for_the_end_of_no_session_still_asks_for_the_duty()
    {
        await Assert.ThrowsAsync<DutyRefusedException>(() => _console.Desk.EndAsync(_console.As(Nobody), "00000000000000000000", Token));
        await Assert.ThrowsAsync<DutyRefusedException>(() => _console.Desk.EndForAnotherAsync(_console.As(Admin), Token));
    }

    [Fact]
    public async Task An_end_that_can_not_be_recorded_ends_all_the_same_and_is_recorded_later()
    {
        var session = await _console.OpenAsync(Ada);
        using (_console.LockTrail())
        {
            await _console.Desk.EndAsync(_console.As(Agent), session.Id, Token);
            Assert.Empty(_console.Sessions.All());
        }

        await _console.Ends.RecordLateAsync();
        await _console.Ends.RecordLateAsync();

        Assert.Single(await _console.TypesAsync(session.Id), type => type == AuditEventTypes.SessionEnded);
    }

    [Fact]
    public async Task The_checklist_follows_what_is_typed_and_asks_nobody()
    {
        var guarded = new UserSummary(User("q9w8e7r6t5y4u3i"), "Adalbert Kiss", "kiss.a@example.net", Verified: true, Protection.Protected, Created: null);

        var rules = _console.Desk.Check(await _console.As(Agent).FindAsync(Token), guarded, Purpose with { Reason = "" }, 15);
        var others = _console.Desk.Check(await _console.As(Admin).FindAsync(Token), guarded with { Protection = Protection.None }, Purpose, 15);

        Assert.Equal(["reason", "protected user"], rules.Where(rule => !rule.Met).Select(rule => rule.Rule));
        Assert.Equal(["role"], others.Where(rule => !rule.Met).Select(rule => rule.Rule));
        Assert.Empty(_console.Relay.Requests);
    }
}
