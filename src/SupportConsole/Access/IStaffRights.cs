using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>Who a staff member is and which roles they hold now. A port: the role book above answers it.</summary>
public interface IStaffRights
{
    /// <summary>Reads the database. Null for somebody who never signed in.</summary>
    Task<StaffMember?> FindAsync(StaffId id, CancellationToken cancellationToken);
}

/// <summary>Where refusals are recorded. A port: the audit trail above answers it.</summary>
public interface IRefusalRecord
{
    /// <summary>Returns once the refusal is durable.</summary>
    Task RefusedAsync(ActingStaff staff, Duty duty);

    /// <summary>The same for what was refused for another reason than a missing role, in a few words.</summary>
    Task RefusedAsync(ActingStaff staff, string refused);
}
