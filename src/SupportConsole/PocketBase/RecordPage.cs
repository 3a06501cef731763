namespace SupportConsole.PocketBase;

/// <summary>One page of records. Totals are not asked for: counting costs more than reading.</summary>
internal sealed record RecordPage(IReadOnlyList<PocketBaseRecord> Items, int Page, int PerPage)
{
    /// <summary>Whether a next page may hold something.</summary>
    public bool MayHaveMore => Items.Count == PerPage;
}
