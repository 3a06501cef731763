using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.SignIn;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.SignIn;

public sealed class SignInDeskTests : IAsyncLifetime
{
    private static readonly DemoPerson Tom = Person(ConsoleServices.Nobody);
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_sign_in_is_current_for_the_person_who_signed_in_and_recorded()
    {
        var signIn = await BeginAsync();

        Assert.True(await StandsAsync(Tom.Id, signIn));
        var recorded = (await _console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.SignedIn, Tom.Id, "192.0.2.9"), (recorded.Type, recorded.Actor.Id, recorded.ClientAddress));
        Assert.Empty(recorded.Actor.Roles);
    }

    [Fact]
    public async Task A_sign_in_makes_the_person_known_by_their_newest_name()
    {
        await BeginAsync();
        await _console.SignIn.BeginAsync(new ProvenPerson(Tom.Id, "Tom Weber-Ito", "tw@corp.example", null), null, Token);

        var known = await _console.Roles.FindAsync(Tom.Id, Token);
        Assert.Equal(("Tom Weber-Ito", "tw@corp.example"), (known?.Name, known?.Email));
    }

    [Fact]
    public async Task Somebody_elses_or_an_invented_sign_in_is_none()
    {
        var signIn = await BeginAsync();

        Assert.False(await StandsAsync(Person(Agent).Id, signIn));
        Assert.False(await StandsAsync(Tom.Id, signIn.ToUpperInvariant() + "0"));
        Assert.False(await StandsAsync(Tom.Id, ""));
    }

    [Fact]
    public async Task An_ended_sign_in_is_over_and_its_windows_hear_of_it()
    {
        var signIn = await BeginAsync();
        var other = await BeginAsync();
        var told = new List<StaffChange>();
        using var listening = _console.Changes.Subscribe(change => { told.Add(change); return Task.CompletedTask; });

        Assert.True(await EndAsync(signIn));

        Assert.False(await StandsAsync(Tom.Id, signIn));
        Assert.True(await StandsAsync(Tom.Id, other));
        Assert.Equal([new StaffChange(Tom.Id, signIn)], told);
        Assert.Equal(AuditEventTypes.SignedOut, (await _console.EventsAsync())[^1].Type);
    }

    [Fact]
    public async Task A_new_sign_in_ends_the_one_it_replaces_whoever_it_was_and_no_other()
    {
        var old = await BeginAsync();
        var elsewhere = await BeginAsync();
        var told = new List<StaffChange>();
        using var listening = _console.Changes.Subscribe(change => { told.Add(change); return Task.CompletedTask; });

        await _console.SignIn.EndReplacedAsync(StaffClaims.Principal(Tom.Id, Tom.Name, Tom.Email, old, "Test"), "the new one", "192.0.2.9");

        Assert.False(await StandsAsync(Tom.Id, old));
        Assert.True(await StandsAsync(Tom.Id, elsewhere));
        Assert.Equal([new StaffChange(Tom.Id, old)], told);
        var recorded = (await _console.EventsAsync())[^1];
        Assert.Equal(
            (AuditEventTypes.SignedOut, Tom.Id, "replaced by a new sign-in in the same browser", "192.0.2.9"),
            (recorded.Type, recorded.Actor.Id, recorded.Detail, recorded.ClientAddress));
    }

    [Fact]
    public async Task A_confirmed_sign_in_and_a_browser_without_one_replace_nothing()
    {
        var signIn = await BeginAsync();

        await _console.SignIn.EndReplacedAsync(StaffClaims.Principal(Tom.Id, Tom.Name, Tom.Email, signIn, "Test"), signIn, null);
        await _console.SignIn.EndReplacedAsync(new System.Security.Claims.ClaimsPrincipal(), signIn, null);
        await _console.SignIn.EndReplacedAsync(null, signIn, null);

        Assert.True(await StandsAsync(Tom.Id, signIn));
    }

    [Fact]
    public async Task A_sign_in_is_over_after_its_longest_age_however_busy_it_is()
    {
        var signIn = await BeginAsync();

        for (var quarter = 1; quarter < 32; quarter++)
        {
            _console.Clock.Advance(TimeSpan.FromMinutes(15));
            Assert.True(await StandsAsync(Tom.Id, signIn));
            await _console.SignIn.SeenAsync(signIn);
        }

        _console.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.False(await StandsAsync(Tom.Id, signIn));
    }

    [Fact]
    public async Task A_sign_in_is_over_when_nobody_did_anything_for_long()
    {
        var signIn = await BeginAsync();

        _console.Clock.Advance(TimeSpan.FromMinutes(29));
        await _console.SignIn.SeenAsync(signIn);
        _console.Clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        Assert.True(await StandsAsync(Tom.Id, signIn));
        _console.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await StandsAsync(Tom.Id, signIn));

        await _console.SignIn.SeenAsync(signIn);
        Assert.False(await StandsAsync(Tom.Id, signIn));
    }

    [Theory]
    [InlineData(30, "idle for 30 minutes")]
    [InlineData(480, "8 hours after the sign-in")]
    public async Task A_sign_in_that_grew_too_old_is_ended_once_told_and_recorded(int minutes, string why)
    {
        var signIn = await BeginAsync();
        var told = new List<StaffChange>();
        using var listening = _console.Changes.Subscribe(change => { told.Add(change); return Task.CompletedTask; });
        await _console.SignIn.EndOverdueAsync(Token);
        Assert.Empty(told);

        _console.Clock.Advance(TimeSpan.FromMinutes(minutes));
        await _console.SignIn.EndOverdueAsync(Token);
        await _console.SignIn.EndOverdueAsync(Token);

        Assert.Equal([new StaffChange(Tom.Id, signIn)], told);
        var recorded = (await _console.EventsAsync()).Where(e => e.Type == AuditEventTypes.SignedOut);
        Assert.Equal((Tom.Id, why), Assert.Single(recorded.Select(e => (e.Actor.Id, e.Detail!))));
    }

    [Fact]
    public async Task An_operation_in_a_window_that_outlived_its_sign_in_is_refused()
    {
        var window = _console.As(Agent);
        using (var connection = _console.File.Connect())
        {
            connection.Run($"UPDATE sign_in SET seen_at = 0 WHERE id = '{SignInOf(Agent)}'");
        }

        await Assert.ThrowsAsync<SignInOverException>(() => window.DemandAsync(Duty.FindUsers, Token));
        Assert.Null(await window.FindAsync(Token));
    }

    [Fact]
    public async Task A_proof_of_identity_is_recent_for_half_an_hour_and_no_longer()
    {
        var window = _console.As(Manager);
        var now = _console.Clock.GetUtcNow();

        _console.ProveAt(Manager, now.AddMinutes(-30).AddSeconds(1));
        Assert.True((await window.FindAsync(Token))!.ProvenRecently);
        await window.DemandProvenAsync(Duty.ManageRoles, Token);

        foreach (var at in (DateTimeOffset?[])[now.AddMinutes(-30), null])
        {
            _console.ProveAt(Manager, at);
            Assert.False((await window.FindAsync(Token))!.ProvenRecently);
            await Assert.ThrowsAsync<ProofTooOldException>(() => window.DemandProvenAsync(Duty.ManageRoles, Token));
            var recorded = (await _console.EventsAsync())[^1];
            Assert.Equal((AuditEventTypes.PolicyDenied, AuditOutcome.Denied, Person(Manager).Id), (recorded.Type, recorded.Outcome, recorded.Actor.Id));
        }

        await window.DemandAsync(Duty.ManageRoles, Token);
    }

    [Fact]
    public async Task Roles_and_sessions_need_a_recent_proof_and_reading_does_not()
    {
        _console.ProveAt(Manager, _console.Clock.GetUtcNow().AddHours(-1));
        _console.ProveAt(Agent, _console.Clock.GetUtcNow().AddHours(-1));
        var manager = _console.As(Manager);

        await Assert.ThrowsAsync<ProofTooOldException>(
            () => _console.Roles.RevokeAsync(manager, Person(Agent).Id, Role.Agent, "Left the support team", Token));
        await Assert.ThrowsAsync<ProofTooOldException>(
            () => _console.Roles.GrantAsync(manager, Tom.Id, Role.Agent, "New in the team", until: null, Token));
        await Assert.ThrowsAsync<ProofTooOldException>(() => _console.Desk.OpenAsync(_console.As(Agent), User("u8k2m1c0a3l9x7q"), Purpose, 15, Token));

        Assert.NotEmpty(await _console.Roles.ListAsync(manager, Token));
        Assert.Equal([Role.Agent], (await _console.Roles.FindAsync(Person(Agent).Id, Token))!.Roles);
        Assert.Empty(_console.Sessions.All());
        Assert.DoesNotContain(AuditEventTypes.SessionRequested, await _console.TypesAsync());
    }

    [Fact]
    public async Task A_confirmation_renews_the_proof_and_leaves_the_longest_age_as_it_was()
    {
        var signIn = await BeginAsync();
        _console.Clock.Advance(TimeSpan.FromMinutes(29));
        await _console.SignIn.SeenAsync(signIn);
        _console.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.False((await _console.SignIn.FindAsync(Tom.Id, signIn, Token))!.ProvenRecently);

        await _console.SignIn.ConfirmAsync(Proven(Tom), signIn, "192.0.2.9", Token);

        Assert.True((await _console.SignIn.FindAsync(Tom.Id, signIn, Token))!.ProvenRecently);
        Assert.Equal(AuditEventTypes.Reauthenticated, (await _console.EventsAsync())[^1].Type);
        for (var hour = 0; hour < 15; hour++)
        {
            _console.Clock.Advance(TimeSpan.FromMinutes(29));
            await _console.SignIn.SeenAsync(signIn);
        }

        Assert.False(await StandsAsync(Tom.Id, signIn));
    }

    [Fact]
    public async Task A_confirmation_by_somebody_else_or_for_a_sign_in_that_is_over_changes_nothing()
    {
        var signIn = await BeginAsync();

        var other = await Assert.ThrowsAsync<SignInRefusedException>(() => _console.SignIn.ConfirmAsync(Proven(Person(Agent)), signIn, null, Token));
        Assert.Equal(SignInFailure.OtherPerson, other.Failure);
        var stranger = await Assert.ThrowsAsync<SignInRefusedException>(
            () => _console.SignIn.ConfirmAsync(new ProvenPerson(new StaffId("demo/eve"), "Eve", "", _console.Clock.GetUtcNow()), signIn, null, Token));
        Assert.Equal(SignInFailure.OtherPerson, stranger.Failure);

        await EndAsync(signIn);
        var over = await Assert.ThrowsAsync<SignInRefusedException>(() => _console.SignIn.ConfirmAsync(Proven(Tom), signIn, null, Token));
        Assert.Equal(SignInFailure.SignInOver, over.Failure);
        Assert.DoesNotContain(AuditEventTypes.Reauthenticated, await _console.TypesAsync());
        Assert.False(await StandsAsync(Tom.Id, signIn));
    }

    [Fact]
    public async Task A_provider_whose_clock_runs_ahead_makes_no_proof_last_longer()
    {
        var now = _console.Clock.GetUtcNow();
        var signIn = await _console.SignIn.BeginAsync(new ProvenPerson(Tom.Id, Tom.Name, Tom.Email, now.AddYears(1)), null, Token);

        _console.Clock.Advance(TimeSpan.FromMinutes(29));
        await _console.SignIn.SeenAsync(signIn);
        _console.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.False((await _console.SignIn.FindAsync(Tom.Id, signIn, Token))!.ProvenRecently);
    }

    [Fact]
    public async Task Nobody_is_signed_in_unless_that_is_recorded()
    {
        await BeginAsync();
        using (_console.LockTrail())
        {
            await Assert.ThrowsAsync<NotWrittenException>(
                () => _console.SignIn.BeginAsync(new ProvenPerson(new StaffId("demo/eve"), "Eve", "eve@corp.example", null), null, Token));
        }

        Assert.Null(await _console.Roles.FindAsync(new StaffId("demo/eve"), Token));
    }

    [Fact]
    public async Task A_sign_out_that_can_not_be_recorded_closes_the_windows_all_the_same()
    {
        var signIn = await BeginAsync();
        var told = new List<StaffChange>();
        using var listening = _console.Changes.Subscribe(change => { told.Add(change); return Task.CompletedTask; });
        using (_console.LockTrail())
        {
            Assert.False(await EndAsync(signIn));
        }

        Assert.Equal([new StaffChange(Tom.Id, signIn)], told);
    }

    [Fact]
    public async Task A_sign_in_that_failed_is_recorded()
    {
        Assert.True(await _console.SignIn.TryRecordFailureAsync(SignInFailure.Rejected, person: null, "192.0.2.9"));

        var recorded = (await _console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.SignInFailed, AuditOutcome.Failed), (recorded.Type, recorded.Outcome));
    }

    [Fact]
    public async Task Two_sign_ins_never_share_an_id() =>
        Assert.NotEqual(await BeginAsync(), await BeginAsync());

    [Fact]
    public async Task Roles_of_the_first_start_are_given_once()
    {
        await _console.Roles.RevokeAsync(_console.As(Manager), Person(Agent).Id, Role.Agent, "Left the support team", Token);

        await _console.Working<DemoRoles>().StartAsync(Token);

        Assert.Empty((await _console.Roles.FindAsync(Person(Agent).Id, Token))!.Roles);
    }

    private Task<string> BeginAsync() =>
        _console.SignIn.BeginAsync(Proven(Tom), "192.0.2.9", Token);

    private ProvenPerson Proven(DemoPerson person) => new(person.Id, person.Name, person.Email, _console.Clock.GetUtcNow());

    private async Task<bool> EndAsync(string signIn) =>
        await _console.SignIn.TryEndAsync(new ActingStaff((await _console.Roles.FindAsync(Tom.Id, Token))!, null), signIn);

    private async Task<bool> StandsAsync(StaffId staff, string signIn) => await _console.SignIn.FindAsync(staff, signIn, Token) is not null;
}
