using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;

namespace SupportConsole.Features.Users;

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
