using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Roles;

/// <summary>What the dialog of a role change holds.</summary>
/// <param name="Grant">Whether a role is granted or taken away.</param>
/// <param name="Staff">The staff id of the person it is about.</param>
/// <param name="Role">The role.</param>
/// <param name="Until">The last day of a grant, UTC; null for good.</param>
/// <param name="Reason">Why.</param>
public sealed record RoleForm(bool Grant, string Staff, Role Role, DateOnly? Until, string Reason);
