using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Audit;

/// <summary>Somebody who acted at least once, by the last name used.</summary>
/// <param name="Id">Who.</param>
/// <param name="Name">The name on the newest event.</param>
public sealed record SeenStaff(StaffId Id, string Name);
