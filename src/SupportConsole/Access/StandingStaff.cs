using System.Security.Claims;
using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>
/// Who stands behind claims at this moment: a sign-in that stands, of a person who is known. Claims say who somebody is, never what they
/// may do: a cookie and a window both outlive a role.
/// </summary>
internal sealed class StandingStaff(ISignIns signIns, IStaffRights rights)
{
    /// <summary>Asks the store. Null for claims that nobody stands behind.</summary>
    /// <exception cref="Core.ExplainedException">The store doesn't answer.</exception>
    public async Task<(StaffMember Member, string SignIn, bool ProvenRecently)?> FindAsync(ClaimsPrincipal principal, CancellationToken cancellationToken) =>
        StaffClaims.IdOf(principal) is { } id
        && StaffClaims.SignInOf(principal) is { } signIn
        && await signIns.FindAsync(id, signIn, cancellationToken) is { } standing
        && await rights.FindAsync(id, cancellationToken) is { } member
            ? (member, signIn, standing.ProvenRecently)
            : null;
}
