using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining.Deciding;

/// <summary>For whom and for what a rule is asked.</summary>
/// <param name="User">The user.</param>
/// <param name="Self">The user's own record, as superusers see it.</param>
/// <param name="Users">The user's collection.</param>
/// <param name="Records">The collection that the rule belongs to.</param>
/// <param name="Id">The record's id.</param>
/// <param name="App">The app's collections.</param>
/// <param name="HasHook">Whether PocketBase has the companion hook, as far as is known.</param>
internal sealed record RuleSubject(
    AppUserId User, PocketBaseRecord Self, CollectionSchema Users, CollectionSchema Records, string Id, AppCollections App, bool HasHook)
{
    /// <summary>What the user is called; null where only their record says.</summary>
    public string? UserName { get; init; }

    /// <summary>What one of the two is called: the record isn't named, since its name may be what the user mustn't see. Null for any other.</summary>
    public string? NameOf(CollectionSchema collection, string id) =>
        (collection.Name, id) == (User.Collection, User.Record) ? UserName
        : (collection.Name, id) == (Records.Name, Id) ? "this record"
        : null;
}
