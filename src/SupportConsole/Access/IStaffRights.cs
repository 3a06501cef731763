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
