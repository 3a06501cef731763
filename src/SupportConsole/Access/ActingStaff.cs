using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>A staff member in the act of doing something, with the roles held at this moment.</summary>
/// <param name="Member">Who, and with which roles.</param>
/// <param name="ClientAddress">Where the browser is, as the server saw it when the page was opened.</param>
public sealed record ActingStaff(StaffMember Member, string? ClientAddress)
{
    /// <summary>The same person as the audit trail writes them.</summary>
    public AuditActor Actor => new(Member.Id, Member.Name, Member.Roles);

    /// <summary>
    /// The sign-in of the window they act in; null outside a window. Whoever has it could be somebody's window: it stays in memory,
    /// out of the trail and off every page.
    /// </summary>
    internal string? SignIn { get; init; }

    /// <summary>
    /// Whether an operation that needs a recent proof of who acts would have found one when this was asked; what a form wants to know
    /// before it is filled in.
    /// </summary>
    internal bool ProvenRecently { get; init; }

    /// <summary>Begins an audit event of this person's.</summary>
    public AuditEvent Begin(string type, DateTimeOffset at) => new(type, at, Actor) { ClientAddress = ClientAddress };
}
