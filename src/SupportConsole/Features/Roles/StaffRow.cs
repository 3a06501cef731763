using System.Collections.Immutable;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Roles;

/// <summary>One line of the staff page.</summary>
/// <param name="Member">Who.</param>
/// <param name="LastSignIn">When they last signed in; null for never.</param>
/// <param name="Held">The roles held, oldest first.</param>
public sealed record StaffRow(StaffMember Member, DateTimeOffset? LastSignIn, ImmutableArray<HeldRole> Held);

/// <summary>A role somebody holds.</summary>
/// <param name="Role">Which.</param>
/// <param name="Since">Since when.</param>
/// <param name="GrantedBy">The name of who granted it.</param>
/// <param name="Until">When it lapses by itself; null for never.</param>
public sealed record HeldRole(Role Role, DateTimeOffset Since, string GrantedBy, DateTimeOffset? Until);
