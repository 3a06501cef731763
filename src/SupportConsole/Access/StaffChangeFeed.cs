using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>Something about a staff member changed while their windows are open.</summary>
/// <param name="Staff">Whose.</param>
/// <param name="EndedSignIn">The sign-in that ended; null when it is the roles that changed.</param>
public sealed record StaffChange(StaffId Staff, string? EndedSignIn = null);

/// <summary>Tells open windows and live sessions at once that somebody's rights changed.</summary>
public sealed class StaffChangeFeed(ILogger<StaffChangeFeed> logger, TimeProvider clock) : Feed<StaffChange>(logger, clock);
