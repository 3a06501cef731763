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
/// <param name="purged">How many events from the first on are gone by a purge that is told of, at this moment.</param>
/// <param name="faults">Takes what is found.</param>
internal sealed class TrailScan(
    TreeFrontier frontier, IReadOnlyDictionary<long, SignedRoot> signed, Func<long, TreeHash?> leafOf, Func<long> purged, FaultList faults)
{
    /// <summary>More events than that are never gone from the middle of a log that anybody could have: the number is invented.</summary>
    private const long MostMissing = 100_000_000;

    private readonly Dictionary<ErasedGroup, (long First, long Newest)> _erased = [];
    private readonly List<ToldErasure> _erasures = [];

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

        foreach (var (group, places) in stretch.Erased)
        {
            _erased[group] = (_erased.TryGetValue(group, out var known) ? known.First : places.First, places.Newest);
        }

        _erasures.AddRange(stretch.Erasures);
    }

    /// <summary>
    /// Goes on behind events that are gone; the stored tree stands in for them, so that the rest can be judged. What wasn't purged is missing.
    /// </summary>
    public void Skip(long last)
    {
        for (var gone = Math.Min(last, purged()); Size < gone;)
        {
            Grow(leafOf(Size) ?? throw new InvalidDataException($"the hashes of the purged events from {Size + 1} on aren't there."));
        }

        var first = Size + 1;
        if (first > last)
        {
            return;
        }

        faults.Add(TrailFaultKind.MissingMiddle, first, first == last ? $"Event {first} is gone." : $"Events {first} to {last} are gone.");
        if (last - Size > MostMissing)
        {
            throw new InvalidDataException($"there is an event {last + 1}, and none between it and event {Size}.");
        }

        while (Size < last)
        {
            Grow(leafOf(Size) ?? TreeHash.Empty);
        }
    }

    /// <summary>Says what can only be said at the end.</summary>
    /// <param name="later">The erasures that events tell of which came after those that were looked at.</param>
    public void End(IEnumerable<ToldErasure> later)
    {
        _erasures.AddRange(later);
        foreach (var (group, (first, newest)) in _erased.Where(erased => !_erasures.Exists(erasure => erased.Key.IsToldBy(erasure, erased.Value.Newest))))
        {
            faults.Add(TrailFaultKind.ErasedUnrecorded, first, $"Names and free text {(group.Person is { } person ? $"about {person} " : "")}are erased {(first == newest ? $"from event {first}" : $"from events {first} to {newest}")}, and no event says who erased them and why.");
        }
    }

    /// <summary>That the tree has the root that was signed at its size, where one was.</summary>
    public void RequireSignedRoot()
    {
        if (signed.TryGetValue(Size, out var root) && root.Root != frontier.Root())
        {
            faults.Add(TrailFaultKind.Rebuilt, Size, string.Create(
                CultureInfo.InvariantCulture, $"{root.Where} was signed over other events than the first {Size} that are here: one of them was changed, or the log was rebuilt."));
        }
    }

    private void Grow(TreeHash leaf)
    {
        frontier.Append(leaf);
        RequireSignedRoot();
    }
}
