using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Roles;

/// <summary>A grant whose end has come and isn't recorded yet.</summary>
/// <param name="Id">The grant.</param>
/// <param name="Staff">Whose role it was.</param>
/// <param name="Name">Their name.</param>
/// <param name="Role">Which role.</param>
/// <param name="Until">When it ended.</param>
internal sealed record LapsedGrant(long Id, StaffId Staff, string Name, Role Role, DateTimeOffset Until);
