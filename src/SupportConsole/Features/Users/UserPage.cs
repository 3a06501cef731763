using SupportConsole.Core.Users;

namespace SupportConsole.Features.Users;

/// <summary>One page of search results.</summary>
/// <param name="Users">The users.</param>
/// <param name="MayHaveMore">Whether another page may follow; users are never counted.</param>
/// <param name="Searched">The fields that were looked into.</param>
/// <param name="Unusable">Users who were found and whose id the console can't handle.</param>
internal sealed record UserPage(
    IReadOnlyList<FoundUser> Users, bool MayHaveMore, IReadOnlyList<string> Searched, IReadOnlyList<UnusableUser> Unusable);

/// <summary>A search result.</summary>
/// <param name="User">Who.</param>
/// <param name="LastView">The newest support view of this user; null when there was none.</param>
public sealed record FoundUser(UserSummary User, LastView? LastView);

/// <summary>Somebody who was found and can't be opened: the id isn't one that PocketBase takes in an address.</summary>
/// <param name="Id">The id as PocketBase returned it.</param>
/// <param name="Name">The name; may be empty.</param>
/// <param name="Email">The e-mail address; may be empty.</param>
internal sealed record UnusableUser(string Id, string Name, string Email);

/// <summary>When and by whom somebody was last viewed.</summary>
public sealed record LastView(DateTimeOffset At, string By);
