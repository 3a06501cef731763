namespace SupportConsole.Core.Staff;

/// <summary>What a staff member has been granted. A person may hold several roles.</summary>
public enum Role
{
    /// <summary>Finds users and views as them.</summary>
    Agent,

    /// <summary>Reads the audit trail, watches live sessions and manages API keys.</summary>
    Admin,

    /// <summary>Grants and revokes roles.</summary>
    Manager,
}
