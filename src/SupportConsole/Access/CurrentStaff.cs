using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using SupportConsole.Core;
using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>
/// Whoever uses this window. Every operation that reveals or changes something takes it and asks for the duty at that moment.
/// </summary>
public sealed class CurrentStaff(
    AuthenticationStateProvider authentication, ClientConnection connection, IStaffRights rights, IRefusalRecord refusals)
{
    /// <summary>The person behind the window and the roles held now; null when nobody is signed in any more.</summary>
    public async Task<ActingStaff?> FindAsync(CancellationToken cancellationToken)
    {
        ClaimsPrincipal principal = (await authentication.GetAuthenticationStateAsync()).User;
        return StaffClaims.IdOf(principal) is { } id && await rights.FindAsync(id, cancellationToken) is { } member
            ? new ActingStaff(member, connection.Address)
            : null;
    }

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
    /// <exception cref="DutyRefusedException">They don't, or nobody is signed in. The refusal is recorded.</exception>
    public async Task<ActingStaff> DemandAsync(Duty duty, CancellationToken cancellationToken)
    {
        var staff = await FindAsync(cancellationToken) ?? throw new DutyRefusedException(duty);
        if (!staff.Member.May(duty))
        {
            await refusals.RefusedAsync(staff, duty);
            throw new DutyRefusedException(duty);
        }

        return staff;
    }
}

/// <summary>What the server knows of the browser behind a window, handed over once when the page is loaded.</summary>
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
