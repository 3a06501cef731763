using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Access;

/// <summary>Who acts is asked at each operation, and what isn't theirs is refused and written down.</summary>
public sealed class CurrentStaffTests : IAsyncLifetime
{
    private const string Why = "Covers the weekend shift";
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_duty_that_is_carried_gives_the_person_with_where_they_are()
    {
        var staff = await _console.As(Agent).DemandAsync(Duty.FindUsers, Token);

        Assert.Equal((Person(Agent).Id, "192.0.2.7"), (staff.Member.Id, staff.ClientAddress));
        Assert.Equal(SignInOf(Agent), staff.SignIn);
        Assert.Empty(await _console.TypesAsync());
    }

    [Fact]
    public async Task A_duty_that_is_not_carried_is_refused_and_recorded()
    {
        var refusal = await Assert.ThrowsAsync<DutyRefusedException>(() => _console.As(Agent).DemandAsync(Duty.ManageKeys, Token));

        Assert.Equal(Duty.ManageKeys, refusal.Duty);
        var recorded = (await _console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.PolicyDenied, AuditOutcome.Denied, "ManageKeys"), (recorded.Type, recorded.Outcome, recorded.Detail));
        Assert.Equal(Person(Agent).Id, recorded.Actor.Id);
    }

    [Fact]
    public async Task Nobody_has_no_duty_and_leaves_no_refusal_under_a_name()
    {
        Assert.Null(await _console.AsNobody().FindAsync(Token));
        await Assert.ThrowsAsync<SignInOverException>(() => _console.AsNobody().DemandAsync(Duty.FindUsers, Token));
        await Assert.ThrowsAsync<SignInOverException>(() => _console.AsNobody().DemandProvenAsync(Duty.FindUsers, Token));

        Assert.Empty(await _console.TypesAsync());
    }

    [Fact]
    public async Task An_open_window_has_the_roles_of_this_moment()
    {
        var window = _console.As(Agent);
        await window.DemandAsync(Duty.FindUsers, Token);

        await _console.Roles.RevokeAsync(_console.As(Manager), Person(Agent).Id, Role.Agent, Why, Token);
        await Assert.ThrowsAsync<DutyRefusedException>(() => window.DemandAsync(Duty.FindUsers, Token));

        await _console.Roles.GrantAsync(_console.As(Manager), Person(Agent).Id, Role.Admin, Why, until: null, Token);
        Assert.Equal([Role.Admin], (await window.DemandAsync(Duty.ManageKeys, Token)).Member.Roles);
    }

    [Theory]
    [InlineData(-20)]
    [InlineData(null)]
    public async Task A_proof_that_is_old_or_of_unknown_age_opens_what_needs_none_and_nothing_else(int? years)
    {
        _console.ProveAt(Agent, years is { } old ? _console.Clock.GetUtcNow().AddYears(old) : null);
        var window = _console.As(Agent);

        Assert.False((await window.FindAsync(Token))!.ProvenRecently);
        await window.DemandAsync(Duty.ViewAsUsers, Token);
        await Assert.ThrowsAsync<ProofTooOldException>(() => window.DemandProvenAsync(Duty.ViewAsUsers, Token));

        Assert.Equal("ViewAsUsers: the proof of identity was too old", (await _console.EventsAsync())[^1].Detail);
    }

    [Fact]
    public async Task Without_the_duty_nobody_is_sent_to_prove_who_they_are()
    {
        _console.ProveAt(Agent, _console.Clock.GetUtcNow().AddYears(-20));

        await Assert.ThrowsAsync<DutyRefusedException>(() => _console.As(Agent).DemandProvenAsync(Duty.ManageRoles, Token));

        Assert.Equal("ManageRoles", (await _console.EventsAsync())[^1].Detail);
    }

    [Fact]
    public async Task While_the_database_does_not_answer_a_name_tag_is_empty_and_an_operation_says_why()
    {
        var window = _console.As(Agent);
        using (_console.DamageRoles())
        {
            Assert.Null(await window.FindForDisplayAsync(Token));
            await Assert.ThrowsAnyAsync<ExplainedException>(() => window.FindAsync(Token));
            await Assert.ThrowsAnyAsync<ExplainedException>(() => window.DemandAsync(Duty.FindUsers, Token));
        }

        Assert.NotNull(await window.FindForDisplayAsync(Token));
    }
}
