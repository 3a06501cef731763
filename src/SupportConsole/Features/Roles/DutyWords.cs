using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Roles;

/// <summary>What a duty lets somebody do, as it goes on behind "who could".</summary>
internal static class DutyWords
{
    /// <summary>The duty's words.</summary>
    public static string Of(Duty duty) => duty switch
    {
        Duty.FindUsers => "find users and open their page",
        Duty.ViewAsUsers => "open a view-as session",
        Duty.ExplainAccess => "learn why a user can't see something",
        Duty.SeeSessions => "see live sessions",
        Duty.SeeAllSessions => "see and end everybody's sessions",
        Duty.ReadAudit => "read the audit trail",
        Duty.ManageKeys => "make, rotate and revoke API keys",
        Duty.CheckSetUp => "see how PocketBase is set up",
        Duty.ManageRoles => "grant and revoke roles",
        Duty.ErasePersonalData => "erase a person's data",
        _ => throw new ArgumentOutOfRangeException(nameof(duty), duty, null),
    };
}
