using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Roles;
using SupportConsole.Features.SignIn;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Roles;

public sealed class RoleBookTests : IAsyncLifetime
{
    private const string Why = "Covers the weekend shift";
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_granted_role_is_held_from_then_on_and_recorded_with_both_people()
    {
        await GrantAsync(Agent, Role.Admin);

        Assert.Equal([Role.Agent, Role.Admin], await RolesOfAsync(Agent));
        var granted = (await _console.EventsAsync())[^1];
        Assert.Equal(AuditEventTypes.RoleGranted, granted.Type);
        Assert.Equal(Person(Manager).Id, granted.Actor.Id);
        Assert.Equal([Role.Manager], granted.Actor.Roles);
        Assert.Equal(new AuditSubject(AuditSubject.Staff, Person(Agent).Id.Value, Person(Agent).Name), granted.Subject);
        Assert.Equal((Why, "Admin", "192.0.2.7"), (granted.Reason, granted.Detail, granted.ClientAddress));
    }

    [Fact]
    public async Task A_revoked_role_is_gone_and_recorded()
    {
        await _console.Roles.RevokeAsync(_console.As(Manager), Person(Agent).Id, Role.Agent, Why, Token);

        Assert.Empty(await RolesOfAsync(Agent));
        Assert.Equal(AuditEventTypes.RoleRevoked, (await _console.EventsAsync())[^1].Type);
    }

    [Fact]
    public async Task A_role_can_come_and_go_many_times()
    {
        for (var round = 0; round < 3; round++)
        {
            await _console.Roles.RevokeAsync(_console.As(Manager), Person(Agent).Id, Role.Agent, Why, Token);
            await GrantAsync(Agent, Role.Agent);
        }

        Assert.Equal([Role.Agent], await RolesOfAsync(Agent));
    }

    [Fact]
    public async Task Nobody_changes_their_own_roles()
    {
        await AssertRefusedAsync(() => GrantAsync(Manager, Role.Agent), "own roles");
        await AssertRefusedAsync(() => RevokeAsync(Manager, Manager, Role.Manager), "own roles");

        Assert.Equal([Role.Manager], await RolesOfAsync(Manager));
    }

    [Fact]
    public async Task The_last_manager_stays()
    {
        await RevokeAsync(Manager, OtherManager, Role.Manager);
        await GrantAsync(Admin, Role.Manager, until: _console.Clock.GetUtcNow().AddDays(1));

        // Somebody whose own role ends tomorrow must not leave the console without anybody the day after.
        await AssertRefusedAsync(() => RevokeAsync(Admin, Manager, Role.Manager), "last manager");

        Assert.Equal([Role.Manager], await RolesOfAsync(Manager));
    }

    [Fact]
    public async Task Two_managers_who_revoke_each_other_at_once_leave_one()
    {
        var both = new[] { RevokeAsync(Manager, OtherManager, Role.Manager), RevokeAsync(OtherManager, Manager, Role.Manager) };

        await Assert.ThrowsAnyAsync<ExplainedException>(() => Task.WhenAll(both));

        Assert.Equal(1, both.Count(done => done.IsCompletedSuccessfully));
        Assert.Single(await _console.Roles.ManagersAsync(Token));
    }

    [Fact]
    public async Task What_is_held_already_or_not_at_all_can_not_change()
    {
        await AssertRefusedAsync(() => GrantAsync(Agent, Role.Agent), "already holds");
        await AssertRefusedAsync(() => RevokeAsync(Manager, Agent, Role.Admin), "doesn't hold");
        await AssertRefusedAsync(
            () => _console.Roles.GrantAsync(_console.As(Manager), new StaffId("demo/stranger"), Role.Agent, Why, until: null, Token), "never signed in");
    }

    [Theory]
    [InlineData("")]
    [InlineData("too short")]
    [InlineData("   too short   ")]
    [InlineData("..........")]
    [InlineData("\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b")]
    [InlineData("\u3164\u3164\u3164\u3164\u3164\u3164\u3164\u3164\u3164\u3164")]
    public async Task A_change_needs_a_reason(string reason) =>
        await AssertRefusedAsync(
            () => _console.Roles.GrantAsync(_console.As(Manager), Person(Agent).Id, Role.Admin, reason, until: null, Token), "reason");

    [Fact]
    public async Task An_endless_reason_is_refused_and_its_beginning_recorded()
    {
        await AssertRefusedAsync(
            () => _console.Roles.GrantAsync(_console.As(Manager), Person(Agent).Id, Role.Admin, new string('x', 10 * 1024 * 1024), until: null, Token), "reason");

        Assert.Equal(ReasonText.MaxLength, (await _console.EventsAsync())[^1].Reason?.Length);
    }

    [Fact]
    public async Task A_grant_with_an_end_date_ends_at_that_instant()
    {
        var until = _console.Clock.GetUtcNow().AddHours(1);
        await GrantAsync(Agent, Role.Admin, until);

        _console.Clock.SetUtcNow(until - TimeSpan.FromMilliseconds(1));
        Assert.Equal([Role.Agent, Role.Admin], await RolesOfAsync(Agent));
        _console.Clock.SetUtcNow(until);
        Assert.Equal([Role.Agent], await RolesOfAsync(Agent));
    }

    [Fact]
    public async Task A_lapsed_grant_is_recorded_once_and_told()
    {
        await GrantAsync(Agent, Role.Admin, _console.Clock.GetUtcNow().AddHours(1));
        var told = new List<StaffChange>();
        using var listening = _console.Changes.Subscribe(change => { told.Add(change); return Task.CompletedTask; });
        _console.Clock.Advance(TimeSpan.FromHours(1));

        await _console.Roles.LapseAsync(Token);
        await _console.Roles.LapseAsync(Token);

        Assert.Equal([new StaffChange(Person(Agent).Id)], told);
        Assert.Single(await _console.EventsAsync(), e => e.Type == AuditEventTypes.RoleExpired && e.Actor.Id == StaffId.System);
    }

    [Fact]
    public async Task A_role_can_be_granted_again_in_the_moment_it_lapsed()
    {
        await GrantAsync(Agent, Role.Admin, _console.Clock.GetUtcNow().AddHours(1));
        _console.Clock.Advance(TimeSpan.FromHours(1));

        await GrantAsync(Agent, Role.Admin);

        Assert.Equal([Role.Agent, Role.Admin], await RolesOfAsync(Agent));
        Assert.Equal(
            [AuditEventTypes.RoleGranted, AuditEventTypes.RoleExpired, AuditEventTypes.RoleGranted],
            (await RoleEventsAsync(Agent)).Select(e => e.Type));
    }

    [Fact]
    public async Task A_role_that_lapsed_in_the_moment_it_is_revoked_has_lapsed()
    {
        await GrantAsync(Agent, Role.Admin, _console.Clock.GetUtcNow().AddHours(1));
        _console.Clock.Advance(TimeSpan.FromHours(1));

        await Assert.ThrowsAsync<RoleChangeRefusedException>(() => RevokeAsync(Manager, Agent, Role.Admin));

        Assert.Equal(
            [AuditEventTypes.RoleGranted, AuditEventTypes.RoleExpired, AuditEventTypes.RoleChangeDenied],
            (await RoleEventsAsync(Agent)).Select(e => e.Type));
    }

    [Fact]
    public async Task Every_lapsed_role_of_every_person_leaves_its_end_with_the_day_it_came()
    {
        var until = _console.Clock.GetUtcNow().AddHours(1);
        await GrantAsync(Agent, Role.Admin, until);
        await GrantAsync(Agent, Role.Manager, until);
        await GrantAsync(Nobody, Role.Agent, until.AddHours(1));
        _console.Clock.Advance(TimeSpan.FromDays(40)); // The console was down meanwhile.

        await GrantAsync(Nobody, Role.Admin);
        await _console.Roles.LapseAsync(Token);

        var day = $"until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC";
        Assert.Equal(
            [$"Admin, {day}", $"Manager, {day}"],
            (await RoleEventsAsync(Agent)).Where(e => e.Type == AuditEventTypes.RoleExpired).Select(e => e.Detail).Order());
        Assert.Equal(
            [AuditEventTypes.RoleGranted, AuditEventTypes.RoleExpired, AuditEventTypes.RoleGranted],
            (await RoleEventsAsync(Nobody)).Select(e => e.Type));
    }

    [Fact]
    public async Task A_lapse_that_can_not_be_recorded_is_recorded_later_and_lets_no_change_overtake_it()
    {
        await GrantAsync(Agent, Role.Admin, _console.Clock.GetUtcNow().AddHours(1));
        _console.Clock.Advance(TimeSpan.FromHours(1));
        using (_console.LockTrail())
        {
            await Assert.ThrowsAsync<NotWrittenException>(() => _console.Roles.LapseAsync(Token));
            await Assert.ThrowsAsync<NotWrittenException>(() => GrantAsync(Agent, Role.Admin));
        }

        Assert.Equal([AuditEventTypes.RoleGranted], (await RoleEventsAsync(Agent)).Select(e => e.Type));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _console.Roles.LapseAsync(Token)));

        Assert.Equal([AuditEventTypes.RoleGranted, AuditEventTypes.RoleExpired], (await RoleEventsAsync(Agent)).Select(e => e.Type));
    }

    [Fact]
    public async Task An_end_date_in_the_past_is_refused() =>
        await AssertRefusedAsync(() => GrantAsync(Agent, Role.Admin, _console.Clock.GetUtcNow()), "passed already");

    [Fact]
    public async Task A_change_is_told_when_it_stands()
    {
        var seen = new List<(StaffId Staff, int Roles)>();
        using var listening = _console.Changes.Subscribe(async change =>
            seen.Add((change.Staff, (await RolesOfAsync(Agent)).Length)));

        await GrantAsync(Agent, Role.Admin);
        await RevokeAsync(Manager, Agent, Role.Admin);

        Assert.Equal([(Person(Agent).Id, 2), (Person(Agent).Id, 1)], seen);
    }

    [Fact]
    public async Task A_listener_that_fails_keeps_nobody_from_hearing()
    {
        var heard = 0;
        using var broken = _console.Changes.Subscribe(_ => throw new InvalidOperationException("broken window"));
        using var listening = _console.Changes.Subscribe(_ => { heard++; return Task.CompletedTask; });

        await GrantAsync(Agent, Role.Admin);

        Assert.Equal(1, heard);
    }

    [Fact]
    public async Task A_change_that_can_not_be_recorded_does_not_happen()
    {
        using (_console.LockTrail())
        {
            await Assert.ThrowsAsync<NotWrittenException>(() => GrantAsync(Agent, Role.Admin));
            await Assert.ThrowsAsync<NotWrittenException>(() => RevokeAsync(Manager, Agent, Role.Agent));
        }

        Assert.Equal([Role.Agent], await RolesOfAsync(Agent));
        await GrantAsync(Agent, Role.Admin);
        Assert.Equal(2, (await RolesOfAsync(Agent)).Length);
    }

    [Theory]
    [InlineData(Agent)]
    [InlineData(Admin)]
    public async Task Only_a_manager_may_and_the_attempt_is_recorded(string person)
    {
        var who = _console.As(person);

        await Assert.ThrowsAsync<DutyRefusedException>(() => _console.Roles.GrantAsync(who, Person(OtherAgent).Id, Role.Manager, Why, until: null, Token));
        await Assert.ThrowsAsync<DutyRefusedException>(() => _console.Roles.RevokeAsync(who, Person(Manager).Id, Role.Manager, Why, Token));
        await Assert.ThrowsAsync<DutyRefusedException>(() => _console.Roles.ListAsync(who, Token));

        var denied = Assert.Single(await _console.EventsAsync(), e => e.Type == AuditEventTypes.PolicyDenied);
        Assert.Equal((Person(person).Id, AuditOutcome.Denied, nameof(Duty.ManageRoles)), (denied.Actor.Id, denied.Outcome, denied.Detail));
    }

    [Fact]
    public async Task Nobody_at_all_may_nothing() =>
        await Assert.ThrowsAsync<SignInOverException>(
            () => _console.Roles.GrantAsync(_console.AsNobody(), Person(OtherAgent).Id, Role.Manager, Why, until: null, Token));

    [Fact]
    public async Task The_list_says_who_holds_what_since_when_and_by_whom()
    {
        await GrantAsync(Agent, Role.Admin, _console.Clock.GetUtcNow().AddDays(2));

        var row = (await _console.Roles.ListAsync(_console.As(Manager), Token)).Single(row => row.Member.Id == Person(Agent).Id);

        Assert.Equal([Role.Agent, Role.Admin], row.Held.Select(held => held.Role));
        Assert.Equal(("Ruth Okafor", false), (row.Held[1].GrantedBy, row.Held[1].Until is null));
    }

    [Fact]
    public async Task A_bootstrap_manager_is_made_once_and_stays_removed()
    {
        const string id = "8d2a51de-0000-4000-8000-000000000001/8d2a51de-0000-4000-8000-000000000002";
        var staff = new StaffId(id);
        await _console.SignIn.BeginAsync(new ProvenPerson(staff, "Bo Strap", "bo@corp.example", null), null, Token);

        await _console.Roles.BootstrapAsync(staff, "Bo Strap", [id.ToUpperInvariant()]);
        await RevokeAsync(Manager, staff, Role.Manager);
        await _console.Roles.BootstrapAsync(staff, "Bo Strap", [id]);

        Assert.Empty((await _console.Roles.FindAsync(staff, Token))!.Roles);
    }

    // After those of the demo's first start.
    private async Task<AuditEvent[]> RoleEventsAsync(string person) =>
        [.. (await _console.EventsAsync()).Where(e => e.Subject?.Id == Person(person).Id.Value && !(e.Type == AuditEventTypes.RoleGranted && e.Actor.Id == StaffId.System))];

    private async Task AssertRefusedAsync(Func<Task> change, string because)
    {
        var before = (await _console.EventsAsync()).Length;

        var refusal = await Assert.ThrowsAsync<RoleChangeRefusedException>(change);

        Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
        var recorded = Assert.Single((await _console.EventsAsync()).Skip(before));
        Assert.Equal((AuditEventTypes.RoleChangeDenied, AuditOutcome.Denied), (recorded.Type, recorded.Outcome));
    }

    private Task GrantAsync(string person, Role role, DateTimeOffset? until = null) =>
        _console.Roles.GrantAsync(_console.As(Manager), Person(person).Id, role, Why, until, Token);

    private Task RevokeAsync(string by, string person, Role role) => RevokeAsync(by, Person(person).Id, role);

    private Task RevokeAsync(string by, StaffId staff, Role role) => _console.Roles.RevokeAsync(_console.As(by), staff, role, Why, Token);

    private async Task<Role[]> RolesOfAsync(string person) => [.. (await _console.Roles.FindAsync(Person(person).Id, Token))!.Roles];
}
