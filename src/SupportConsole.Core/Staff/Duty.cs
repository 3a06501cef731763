namespace SupportConsole.Core.Staff;

/// <summary>One thing a role entitles to. Pages and operations name duties, never roles.</summary>
public enum Duty
{
    /// <summary>Search users and open their page.</summary>
    FindUsers,

    /// <summary>Open a view-as session and read in it.</summary>
    ViewAsUsers,

    /// <summary>Learn why a user can't see something, with superuser rights.</summary>
    ExplainAccess,

    /// <summary>See sessions: one's own, unless <see cref="SeeAllSessions"/> is held too.</summary>
    SeeSessions,

    /// <summary>See everybody's live sessions and end any of them.</summary>
    SeeAllSessions,

    /// <summary>Read the whole audit trail.</summary>
    ReadAudit,

    /// <summary>Make, rotate and revoke API keys.</summary>
    ManageKeys,

    /// <summary>See how PocketBase is set up, and what would be better.</summary>
    CheckSetUp,

    /// <summary>Grant and revoke roles.</summary>
    ManageRoles,

    /// <summary>Erase a person's names and what was written about them from the audit trail, for good.</summary>
    ErasePersonalData,
}
