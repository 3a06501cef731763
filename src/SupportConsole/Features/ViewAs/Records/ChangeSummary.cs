using System.Globalization;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>Changes of a collection: all are counted, the newest are named, so that a flood of them takes no more room than a few.</summary>
/// <param name="Created">How many records were made.</param>
/// <param name="Updated">How many changes of records there were.</param>
/// <param name="Deleted">How many records were taken away.</param>
/// <param name="Newest">The newest of them, the last first.</param>
internal sealed record ChangeSummary(int Created, int Updated, int Deleted, IReadOnlyList<ChangedRecord> Newest)
{
    /// <summary>How many are named.</summary>
    public const int Named = 20;

    /// <summary>How many changes these are.</summary>
    public int Count => Created + Updated + Deleted;

    /// <summary>One change.</summary>
    public static ChangeSummary Of(ChangedRecord changed) =>
        new(changed.Kind == ChangeKind.Created ? 1 : 0, changed.Kind == ChangeKind.Updated ? 1 : 0, changed.Kind == ChangeKind.Deleted ? 1 : 0, [changed]);

    /// <summary>These and what came after.</summary>
    public ChangeSummary And(ChangeSummary later) =>
        new(Created + later.Created, Updated + later.Updated, Deleted + later.Deleted, [.. later.Newest.Concat(Newest).Take(Named)]);

    /// <summary>How many and of which kinds, as people say it.</summary>
    public string InWords()
    {
        var kinds = new[] { (Created, "created"), (Updated, "updated"), (Deleted, "deleted") }.Where(kind => kind.Item1 > 0)
            .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Item1:N0} {kind.Item2}"));
        return string.Create(CultureInfo.InvariantCulture, $"{Count:N0} change{(Count == 1 ? "" : "s")}: {string.Join(", ", kinds)}");
    }
}
