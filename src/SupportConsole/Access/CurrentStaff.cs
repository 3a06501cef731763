using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using SupportConsole.Core;
using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>
/// Whoever uses this window. Every operation that reveals or changes something takes it and asks for the duty at that moment.
/// </summary>
public sealed class CurrentStaff(
    AuthenticationStateProvider authentication, ClientConnection connection, ISignIns signIns, IStaffRights rights, IRefusalRecord refusals)
{
    /// <summary>The person behind the window and the roles held now; null when nobody is signed in any more.</summary>
    public async Task<ActingStaff?> FindAsync(CancellationToken cancellationToken) =>
        (await FindWithSignInAsync(cancellationToken))?.Staff;

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
    public async Task<ActingStaff> DemandAsync(Duty duty, CancellationToken cancellationToken) =>
        (await DemandWithSignInAsync(duty, cancellationToken)).Staff;

    /// <summary>The same for an operation that needs a recent proof of who is acting, not only an open window.</summary>
    /// <exception cref="SignInOverException">Nobody is signed in any more.</exception>
    /// <exception cref="DutyRefusedException">Their roles don't carry it. The refusal is recorded.</exception>
    /// <exception cref="ProofTooOldException">The proof is too old, or the provider never said how old it is. The refusal is recorded.</exception>
    public async Task<ActingStaff> DemandProvenAsync(Duty duty, CancellationToken cancellationToken)
    {
        var (staff, signIn) = await DemandWithSignInAsync(duty, cancellationToken);
        if (!signIn.ProvenRecently)
        {
            await refusals.RefusedAsync(staff, $"{duty}: the proof of identity was too old");
            throw new ProofTooOldException();
        }

        return staff;
    }

    /// <summary>Whether an operation that needs a recent proof would find one; what a form asks before it is filled in.</summary>
    public async Task<bool> IsProvenAsync(CancellationToken cancellationToken) =>
        (await FindWithSignInAsync(cancellationToken))?.SignIn.ProvenRecently == true;

    private async Task<(ActingStaff Staff, StandingSignIn SignIn)> DemandWithSignInAsync(Duty duty, CancellationToken cancellationToken)
    {
        var found = await FindWithSignInAsync(cancellationToken) ?? throw new SignInOverException();
        if (!found.Staff.Member.May(duty))
        {
            await refusals.RefusedAsync(found.Staff, duty.ToString());
            throw new DutyRefusedException(duty);
        }

        return found;
    }

    private async Task<(ActingStaff Staff, StandingSignIn SignIn)?> FindWithSignInAsync(CancellationToken cancellationToken)
    {
        ClaimsPrincipal principal = (await authentication.GetAuthenticationStateAsync()).User;
        return StaffClaims.IdOf(principal) is { } id
            && StaffClaims.SignInOf(principal) is { } signIn
            && signIns.Find(id, signIn, cancellationToken) is { } standing
            && await rights.FindAsync(id, cancellationToken) is { } member
            ? (new ActingStaff(member, connection.Address) { SignIn = signIn }, standing)
            : null;
    }
}

/// <summary>What the server knows of the browser behind a window, kept up to date by the window's connection.</summary>
public sealed class ClientConnection
{
    /// <summary>The network address; null in a test.</summary>
    public string? Address { get; internal set; }
}

/// <summary>Somebody asked for what their roles don't carry.</summary>
public sealed class DutyRefusedException(Duty duty)
    : ExplainedException("Your role doesn't allow this, or it was taken away a moment ago. Nothing was done. A manager can grant the role.")
{
    /// <summary>The duty that was missing.</summary>
    public Duty Duty { get; } = duty;
}

/// <summary>The window outlived its sign-in.</summary>
public sealed class SignInOverException() : ExplainedException("Your sign-in has ended. Nothing was done. Sign in again to go on.");

/// <summary>An operation needs a more recent proof of who is acting.</summary>
public sealed class ProofTooOldException()
    : ExplainedException("It is too long since you proved who you are. Nothing was done. Confirm that it's you, then try again.");
