using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys;

/// <summary>Finds out what a key's account reaches, with the app's rules as they are now, through a token that is thrown away.</summary>
internal sealed class KeyReach(ServiceAccounts accounts)
{
    /// <summary>Looks at each of the collections as the account.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or the account is gone.</exception>
    public async Task<IReadOnlyList<ReachedCollection>> ReadAsync(
        Caller caller, AccountId account, IReadOnlyList<CollectionSchema> collections, CancellationToken cancellationToken)
    {
        using var key = await accounts.LookAsAsync(caller, account, cancellationToken);
        List<ReachedCollection> found = [];
        foreach (var collection in collections)
        {
            var outcome = await key.ListAsync(new RecordQuery(collection.Name) { PerPage = 1, Fields = "id" }, cancellationToken);
            found.Add(new ReachedCollection(
                collection,
                outcome switch
                {
                    ReadOutcome<RecordPage>.Found { Value.Items: [_, ..] } => KeyVerdict.Reads,
                    ReadOutcome<RecordPage>.Found => KeyVerdict.NothingNow,
                    _ => KeyVerdict.Closed,
                }));
        }

        return [.. found.OrderBy(reached => reached.Verdict).ThenBy(reached => reached.Name, StringComparer.OrdinalIgnoreCase)];
    }
}

/// <summary>What came of listing a collection as a key's account.</summary>
public enum KeyVerdict
{
    /// <summary>It got records.</summary>
    Reads,

    /// <summary>It got none: the rule lets nothing through, or there is nothing.</summary>
    NothingNow,

    /// <summary>The collection is closed to everybody but superusers.</summary>
    Closed,
}

/// <summary>A collection with what a key gets of it, and the rules it was decided by.</summary>
/// <param name="Collection">The collection with its rules.</param>
/// <param name="Verdict">What came of listing it.</param>
internal sealed record ReachedCollection(CollectionSchema Collection, KeyVerdict Verdict)
{
    public string Name => Collection.Name;

    /// <summary>Whether anybody at all may read it.</summary>
    public bool IsPublic => Collection.ListRule is "";

    /// <summary>Whether some rule may let the key write; only writing could tell, so it is never more than a maybe.</summary>
    public bool MayWrite => Collection.Type != "view" && (Collection.CreateRule, Collection.UpdateRule, Collection.DeleteRule) is not (null, null, null);

    /// <summary>The rules in words, by what they guard.</summary>
    public IEnumerable<(string Guards, string Rule)> Rules =>
        new (string, string?)[]
        {
            ("list", Collection.ListRule), ("view", Collection.ViewRule == Collection.ListRule ? null : Collection.ViewRule),
            ("create", Collection.CreateRule), ("update", Collection.UpdateRule), ("delete", Collection.DeleteRule),
        }
        .Where(rule => rule.Item2 is not null).Select(rule => (rule.Item1, rule.Item2!.Length == 0 ? "anybody" : rule.Item2));
}
