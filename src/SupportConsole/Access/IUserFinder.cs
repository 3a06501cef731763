using SupportConsole.Core.Users;

namespace SupportConsole.Access;

/// <summary>Finds users of the app by what somebody typed. A port: the user search above answers it, with its own duty, pace and record.</summary>
public interface IUserFinder
{
    /// <summary>The best hits in all collections that may be searched.</summary>
    /// <exception cref="SupportConsole.Core.ExplainedException">PocketBase or the trail failed, or the person may not search, or not as often.</exception>
    Task<IReadOnlyList<UserSummary>> FindByTextAsync(CurrentStaff who, string text, CancellationToken cancellationToken);
}
