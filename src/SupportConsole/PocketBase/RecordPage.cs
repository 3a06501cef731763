namespace SupportConsole.PocketBase;

/// <summary>One page of records.</summary>
internal sealed record RecordPage(IReadOnlyList<PocketBaseRecord> Items, int Page, int PerPage)
{
    /// <summary>Whether a next page may hold something.</summary>
    public bool MayHaveMore => Items.Count == PerPage;

    /// <summary>How many records there are on all pages; null where that wasn't asked.</summary>
    public int? Total { get; init; }
}
