using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys.Making;

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
