using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;

namespace SupportConsole.Features.Users;

/// <summary>The collections whose users can be searched.</summary>
/// <param name="Names">Their names, in PocketBase's own spelling.</param>
/// <param name="Misfits">What of the settings doesn't fit the app, in sentences.</param>
internal sealed record SearchableCollections(IReadOnlyList<string> Names, IReadOnlyList<string> Misfits)
{
    /// <summary>The name in PocketBase's own spelling; null for a collection that isn't among them.</summary>
    public string? Find(string? name) => Names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
}

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

/// <summary>What a field of a user's record says.</summary>
/// <param name="Field">The field's name in the app.</param>
/// <param name="Value">Its value as text.</param>
internal sealed record UserFact(string Field, string Value);

/// <summary>What the user page shows.</summary>
/// <param name="Summary">Who it is.</param>
/// <param name="Fields">The fields that users are searched by, as far as this one has something in them.</param>
/// <param name="Updated">The record's last change.</param>
/// <param name="CanSignIn">Whether PocketBase's auth rule lets this account sign in; null where that can't be determined.</param>
/// <param name="AuthRule">The rule; null when nobody may sign in to this collection.</param>
/// <param name="Sessions">The newest support sessions of this user.</param>
internal sealed record UserFacts(
    UserSummary Summary, IReadOnlyList<UserFact> Fields, DateTimeOffset? Updated, bool? CanSignIn, string? AuthRule, IReadOnlyList<AuditEntry> Sessions);
