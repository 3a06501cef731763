using System.Globalization;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// Puts judged stretches of a log together, in their order: whether each event follows the one before and is the one that the stored tree
/// has, and whether the tree has the roots that were signed as it grows.
/// </summary>
/// <param name="frontier">The tree before the first event that is looked at.</param>
/// <param name="signed">The roots that were signed, by size.</param>
/// <param name="leafOf">The leaf that the stored tree has in a place; null where it has none.</param>
/// <param name="faults">Takes what is found.</param>
internal sealed class TrailScan(
    TreeFrontier frontier, IReadOnlyDictionary<long, SignedRoot> signed, Func<long, TreeHash?> leafOf, FaultList faults)
{
    private readonly Dictionary<AuditSubjectKey, long> _erased = [];
    private readonly HashSet<AuditSubjectKey> _erasures = [];

    /// <summary>How many events the tree has by now.</summary>
    public long Size => frontier.Size;

    /// <summary>The tree's root by now.</summary>
    public TreeHash Root => frontier.Root();

    /// <summary>Takes the next stretch.</summary>
    public void Take(JudgedStretch stretch)
    {
        faults.Take(stretch.Faults);
        foreach (var (sequence, leaf) in stretch.Leaves)
        {
            if (sequence > Size + 1)
            {
                Skip(sequence - 1);
            }

            if (leafOf(Size) is { } stored && stored != leaf && !faults.Has(TrailFaultKind.Altered, sequence))
            {
                faults.Add(TrailFaultKind.Altered, sequence, $"Event {sequence} isn't what was written: the tree has another hash in its place.");
            }

            Grow(leaf);
        }

        foreach (var (subject, first) in stretch.Erased)
        {
            _erased.TryAdd(subject, first);
        }

        _erasures.UnionWith(stretch.Erasures);
    }

    /// <summary>Says of events up to a place that they are gone; the stored tree stands in for them, so that the rest can be judged.</summary>
    public void Skip(long last)
    {
        var first = Size + 1;
        faults.Add(TrailFaultKind.MissingMiddle, first, first == last ? $"Event {first} is gone." : $"Events {first} to {last} are gone.");
        while (Size < last)
        {
            Grow(leafOf(Size) ?? TreeHash.Empty);
        }
    }

    /// <summary>Says what can only be said at the end.</summary>
    /// <param name="later">Whose erasure events tell of that came after those that were looked at.</param>
    public void End(IEnumerable<AuditSubjectKey> later)
    {
        _erasures.UnionWith(later);
        foreach (var (subject, first) in _erased.Where(erased => !_erasures.Contains(erased.Key)))
        {
            faults.Add(TrailFaultKind.ErasedUnrecorded, first, $"Names and free text about {subject} are erased from event {first} on, and no event says who erased them and why.");
        }
    }

    private void Grow(TreeHash leaf)
    {
        frontier.Append(leaf);
        if (signed.TryGetValue(Size, out var root) && root.Root != frontier.Root())
        {
            faults.Add(TrailFaultKind.Rebuilt, Size, string.Create(
                CultureInfo.InvariantCulture, $"{root.Where} was signed over other events than the first {Size} that are here: one of them was changed, or the log was rebuilt."));
        }
    }
}
