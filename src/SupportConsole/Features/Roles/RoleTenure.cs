using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Roles;

/// <summary>A stretch of time in which somebody held a role.</summary>
/// <param name="Staff">Who.</param>
/// <param name="Name">Their name now.</param>
/// <param name="Role">Which role.</param>
/// <param name="Since">When it was granted.</param>
/// <param name="GrantedBy">The name of who granted it.</param>
/// <param name="Until">When it ended, was taken away or lapses by itself; null for none of these.</param>
/// <param name="EndedBy">The name of who took it away; null while it isn't recorded as ended.</param>
public sealed record RoleTenure(StaffId Staff, string Name, Role Role, DateTimeOffset Since, string GrantedBy, DateTimeOffset? Until, string? EndedBy);
