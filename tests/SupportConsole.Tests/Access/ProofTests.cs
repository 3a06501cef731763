using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Access;

/// <summary>The want of a fresh proof: a refusal, or the moment at which a dialog asks for one.</summary>
public sealed class ProofTests : IAsyncLifetime
{
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await StartAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task An_operation_past_the_dialog_is_refused_and_recorded()
    {
        _console.ProveAt(Manager, _console.Clock.GetUtcNow().AddHours(-1));

        await Assert.ThrowsAsync<ProofTooOldException>(() => GrantAsync(_console.As(Manager)));

        Assert.Equal([AuditEventTypes.PolicyDenied], await _console.TypesAsync());
    }

    [Fact]
    public async Task A_dialog_that_asks_for_the_proof_leaves_no_refusal_and_hides_no_other()
    {
        _console.ProveAt(Manager, _console.Clock.GetUtcNow().AddHours(-1));
        var who = _console.As(Manager);

        await Assert.ThrowsAsync<ProofTooOldException>(() => who.AskingForProofAsync(() => GrantAsync(who)));
        Assert.Empty(await _console.TypesAsync());

        await Assert.ThrowsAsync<DutyRefusedException>(() => _console.As(Nobody).AskingForProofAsync(() => GrantAsync(_console.As(Nobody))));
        Assert.Equal([AuditEventTypes.PolicyDenied], await _console.TypesAsync());

        // The next operation of the same window asks nobody, and is refused as ever.
        await Assert.ThrowsAsync<ProofTooOldException>(() => GrantAsync(who));
        Assert.Equal([AuditEventTypes.PolicyDenied, AuditEventTypes.PolicyDenied], await _console.TypesAsync());
    }

    [Fact]
    public async Task With_a_fresh_proof_the_act_is_done_once()
    {
        var who = _console.As(Manager);

        await who.AskingForProofAsync(() => GrantAsync(who));

        Assert.Equal([AuditEventTypes.RoleGranted], (await _console.EventsAsync()).Where(e => e.Actor.Id != StaffId.System).Select(e => e.Type));
    }

    private Task GrantAsync(CurrentStaff who) => _console.Roles.GrantAsync(who, Person(Nobody).Id, Role.Admin, "Covers the weekend shift", null, Token);
}
