using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys.Making;

/// <summary>Finds out what a key's account reaches, with the app's rules as they are now, through a token that is thrown away.</summary>
internal sealed class KeyReach(ServiceAccounts accounts)
{
    /// <summary>Looks at each of the collections as the account.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the account is gone.</exception>
    public async Task<IReadOnlyList<CollectionReach>> ReadAsync(
        Caller caller, AccountId account, IReadOnlyList<CollectionSchema> collections, CancellationToken cancellationToken)
    {
        using var key = await accounts.LookAsAsync(caller, account, cancellationToken);
        List<CollectionReach> found = [];
        foreach (var collection in collections)
        {
            found.Add(new CollectionReach(collection, await LookAsync(key, collection.Name, cancellationToken)));
        }

        // What it reaches first, and of that what its rules open to service accounts by name.
        return [.. found.OrderBy(reached => reached.Verdict)
            .ThenByDescending(reached => reached.Rules.Any(rule => rule.Rule.Contains(account.Collection, StringComparison.Ordinal)))
            .ThenBy(reached => reached.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>One collection that can't be read in some odd way of its own leaves the others as they are.</summary>
    private static async Task<KeyVerdict> LookAsync(ImpersonatedClient key, string collection, CancellationToken cancellationToken)
    {
        try
        {
            return await key.ListAsync(new RecordQuery(collection) { PerPage = 1, Fields = "id" }, cancellationToken) switch
            {
                ReadOutcome<RecordPage>.Found { Value.Items: [_, ..] } => KeyVerdict.Reads,
                ReadOutcome<RecordPage>.Found => KeyVerdict.NothingNow,
                _ => KeyVerdict.Closed,
            };
        }
        catch (PocketBaseProblem problem) when (problem.Kind is PocketBaseProblemKind.Refused or PocketBaseProblemKind.RateLimited or PocketBaseProblemKind.TooLarge)
        {
            return KeyVerdict.Undecided;
        }
    }
}
