namespace SupportConsole.PocketBase;

/// <summary>One page of a collection, as asked for.</summary>
/// <param name="Collection">Name of the collection.</param>
internal sealed record RecordQuery(string Collection)
{
    /// <summary>Most records on one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Most records on one page where nothing but their ids is asked: PocketBase's own limit.</summary>
    public const int MaxIdsPerPage = 1000;

    public int Page { get; init; } = 1;

    /// <summary>1 to <see cref="MaxPerPage"/>, or to <see cref="MaxIdsPerPage"/> for ids alone.</summary>
    public int PerPage { get; init; } = 20;

    /// <summary>Comma-separated fields to return; all when null.</summary>
    public string? Fields { get; init; }

    /// <summary>Comma-separated fields to sort by, <c>-</c> for descending. End it with <c>id</c>: ties have no stable order.</summary>
    public string? Sort { get; init; }

    /// <summary>A filter whose literals come from <c>PocketBaseFilter</c>.</summary>
    public string? Filter { get; init; }

    /// <summary>Comma-separated relations to bring along, as far as the reader may see them.</summary>
    public string? Expand { get; init; }

    /// <summary>Whether all records that the reader sees are counted, which takes PocketBase longer than reading a page.</summary>
    public bool Counted { get; init; }
}
