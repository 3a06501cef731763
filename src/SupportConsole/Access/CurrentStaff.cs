using SupportConsole.Core;
using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>
/// Whoever acts: in a window, with a request or by a command. Every operation that reveals or changes something takes it and asks for the
/// duty at that moment.
/// </summary>
public sealed class CurrentStaff
{
    private readonly StaffPrincipal _principal;
    private readonly StandingStaff _standing;
    private readonly IRefusalRecord _refusals;

    // Within the call that set it, and not in another of the same window.
    private readonly AsyncLocal<bool> _asksForProof = new();

    internal CurrentStaff(StaffPrincipal principal, StandingStaff standing, IRefusalRecord refusals)
    {
        _principal = principal;
        _standing = standing;
        _refusals = refusals;
    }

    /// <summary>The person and the roles held now; null when nobody is signed in any more.</summary>
    public async Task<ActingStaff?> FindAsync(CancellationToken cancellationToken) =>
        await _standing.FindAsync(await _principal.FindAsync(), cancellationToken) is { } found
            ? new ActingStaff(found.Member, _principal.ClientAddress) { SignIn = found.SignIn, ProvenRecently = found.ProvenRecently }
            : null;

    /// <summary>
    /// The same for a menu or a name tag, which shows nothing rather than fail while the database doesn't answer. Decides nothing.
    /// </summary>
    public async Task<ActingStaff?> FindForDisplayAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(cancellationToken);
        }
        catch (ExplainedException)
        {
            return null;
        }
    }

    /// <summary>The person, if their stored roles carry the duty at this moment.</summary>
    /// <exception cref="SignInOverException">Nobody is signed in any more.</exception>
    /// <exception cref="DutyRefusedException">Their roles don't carry it. The refusal is recorded.</exception>
    public async Task<ActingStaff> DemandAsync(Duty duty, CancellationToken cancellationToken)
    {
        var staff = await FindAsync(cancellationToken) ?? throw new SignInOverException();
        if (!staff.Member.May(duty))
        {
            await _refusals.RefusedAsync(staff, duty.ToString());
            throw new DutyRefusedException(duty);
        }

        return staff;
    }

    /// <summary>The same for an operation that needs a recent proof of who is acting, not only an open window.</summary>
    /// <exception cref="SignInOverException">Nobody is signed in any more.</exception>
    /// <exception cref="DutyRefusedException">Their roles don't carry it. The refusal is recorded.</exception>
    /// <exception cref="ProofTooOldException">The proof is too old, or the provider never said how old it is. The refusal is recorded.</exception>
    public async Task<ActingStaff> DemandProvenAsync(Duty duty, CancellationToken cancellationToken)
    {
        var staff = await DemandAsync(duty, cancellationToken);
        if (!staff.ProvenRecently && _asksForProof.Value)
        {
            throw new ProofTooOldException();
        }

        if (!staff.ProvenRecently)
        {
            await _refusals.RefusedAsync(staff, $"{duty}: the proof of identity was too old");
            throw new ProofTooOldException();
        }

        return staff;
    }

    /// <summary>Runs an act whose want of a proof isn't a refusal, because the person is asked for one at once.</summary>
    /// <exception cref="ProofTooOldException">The proof is too old; nothing is recorded.</exception>
    internal async Task AskingForProofAsync(Func<Task> act)
    {
        _asksForProof.Value = true;
        await act();
    }
}
