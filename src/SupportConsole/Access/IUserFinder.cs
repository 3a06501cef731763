using SupportConsole.Core.Users;

namespace SupportConsole.Access;

/// <summary>Finds users of the app by what somebody typed or linked. A port: the user directory above answers it, with its own duty, pace and record.</summary>
public interface IUserFinder
{
    /// <summary>The best hits in all collections that may be searched.</summary>
    /// <exception cref="SupportConsole.Core.ExplainedException">PocketBase or the trail failed, or the person may not search, or not as often.</exception>
    Task<IReadOnlyList<UserSummary>> FindByTextAsync(CurrentStaff who, string text, CancellationToken cancellationToken);

    /// <summary>The user that a link names, as <c>collection/id</c> or an id of the first collection; null when it names nobody.</summary>
    /// <exception cref="SupportConsole.Core.ExplainedException">PocketBase or the trail failed, or the person may not look, or not as often.</exception>
    Task<UserSummary?> FindLinkedAsync(CurrentStaff who, string link, CancellationToken cancellationToken);
}
