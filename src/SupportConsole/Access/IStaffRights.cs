using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>Who a staff member is and which roles they hold now. A port: the role book above answers it.</summary>
public interface IStaffRights
{
    /// <summary>Reads the database. Null for somebody who never signed in.</summary>
    Task<StaffMember?> FindAsync(StaffId id, CancellationToken cancellationToken);

    /// <summary>Everybody known, by name, with the roles held now.</summary>
    Task<IReadOnlyList<StaffMember>> AllAsync(CancellationToken cancellationToken);
}

/// <summary>Where refusals are recorded, those of one kind at most once a minute. A port: the audit trail above answers it.</summary>
public interface IRefusalRecord
{
    /// <summary>Returns once the refusal is durable, or counted where one like it was recorded within the last minute.</summary>
    /// <param name="staff">Who was refused.</param>
    /// <param name="detail">What, in a few words.</param>
    Task RefusedAsync(ActingStaff staff, string detail);
}
