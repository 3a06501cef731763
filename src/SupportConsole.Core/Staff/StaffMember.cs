using System.Collections.Immutable;

namespace SupportConsole.Core.Staff;

/// <summary>A staff member with the roles held at one moment, as read from the console's database.</summary>
/// <param name="Id">Who it is.</param>
/// <param name="Name">The name at the last sign-in.</param>
/// <param name="Email">The e-mail address at the last sign-in; for display only, never a key.</param>
/// <param name="Roles">The roles held at the moment of reading; expired grants are not among them.</param>
public sealed record StaffMember(StaffId Id, string Name, string Email, ImmutableArray<Role> Roles)
{
    /// <summary>Whether the roles held cover the duty.</summary>
    public bool May(Duty duty) => RoleCatalog.Covers(Roles, duty);
}
