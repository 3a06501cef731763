namespace SupportConsole.Core.Staff;

/// <summary>What a staff member has been granted. A person may hold several roles.</summary>
public enum Role
{
    /// <summary>Finds users and views as them.</summary>
    Agent,

    /// <summary>Reads the audit trail and watches live sessions.</summary>
    Admin,

    /// <summary>Grants and revokes roles.</summary>
    Manager,
}
