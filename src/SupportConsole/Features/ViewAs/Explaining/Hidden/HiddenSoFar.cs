namespace SupportConsole.Features.ViewAs.Explaining.Hidden;

/// <summary>How far the comparison of a whole collection has come.</summary>
/// <param name="Compared">How many records have been compared.</param>
/// <param name="Hidden">How many of them the user's list lacks.</param>
/// <param name="Ids">The ids of the first of these.</param>
/// <param name="Changed">How many stand in the user's list alone: they were made or changed while both were read.</param>
/// <param name="ChangedIds">The ids of the first of these.</param>
/// <param name="IsOver">Whether the whole collection has been compared.</param>
internal sealed record HiddenSoFar(long Compared, long Hidden, IReadOnlyList<string> Ids, long Changed, IReadOnlyList<string> ChangedIds, bool IsOver)
{
    /// <summary>How many ids of a kind are named.</summary>
    public const int Named = 200;
}
