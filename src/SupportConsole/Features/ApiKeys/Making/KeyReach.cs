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

/// <summary>What came of listing a collection as a key's account.</summary>
public enum KeyVerdict
{
    /// <summary>It got records.</summary>
    Reads,

    /// <summary>PocketBase refused to answer: a limit of requests, or something odd about the collection.</summary>
    Undecided,

    /// <summary>It got none: the rule lets nothing through, or there is nothing.</summary>
    NothingNow,

    /// <summary>The collection is closed to everybody but superusers.</summary>
    Closed,
}

/// <summary>A collection with what a key gets of it, and the rules it was decided by.</summary>
public sealed record CollectionReach
{
    private readonly CollectionSchema _collection;

    internal CollectionReach(CollectionSchema collection, KeyVerdict verdict)
    {
        _collection = collection;
        Verdict = verdict;
    }

    /// <summary>The collection's name.</summary>
    public string Name => _collection.Name;

    /// <summary>What came of listing it.</summary>
    public KeyVerdict Verdict { get; }

    /// <summary>Whether anybody at all may read it.</summary>
    public bool IsPublic => _collection.ListRule is "";

    /// <summary>Whether some rule may let the key write; only writing could tell, so it is never more than a maybe.</summary>
    public bool MayWrite => _collection.Type != "view" && (_collection.CreateRule, _collection.UpdateRule, _collection.DeleteRule) is not (null, null, null);

    /// <summary>The rules in words, by what they guard; what is closed to everybody is left out.</summary>
    public IEnumerable<(string Guards, string Rule)> Rules
    {
        get
        {
            (string Guards, string? Rule)[] rules =
            [
                ("list", _collection.ListRule), ("view", _collection.ViewRule == _collection.ListRule ? null : _collection.ViewRule),
                ("create", _collection.CreateRule), ("update", _collection.UpdateRule), ("delete", _collection.DeleteRule),
            ];
            return rules.Where(rule => rule.Rule is not null).Select(rule => (rule.Guards, rule.Rule is "" ? "anybody" : rule.Rule!));
        }
    }
}
