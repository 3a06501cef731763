namespace SupportConsole.Features.ViewAs.Explaining.Changes;

/// <summary>What would let a user see a record. Nothing is changed by saying so.</summary>
/// <param name="Named">
/// Every smallest set of changes that PocketBase confirmed: all parts of one together let the user see the record by its rules, and none is
/// superfluous. The app's own hooks and what else it checks when something is saved aren't asked.
/// </param>
/// <param name="HasMore">Whether there are more than these.</param>
/// <param name="NeedsRequest">Conditions that no change of data turns, since they are about the request or about who asks.</param>
/// <param name="Unnamed">Conditions for which no change can be named, or none that PocketBase could confirm.</param>
public sealed record AccessChanges(IReadOnlyList<AccessChange> Named, bool HasMore, IReadOnlyList<KeptApart> NeedsRequest, IReadOnlyList<KeptApart> Unnamed)
{
    /// <summary>Nothing stands in the way.</summary>
    public static AccessChanges None { get; } = new([], false, [], []);
}
