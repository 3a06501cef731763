using System.Globalization;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// Goes through a log's events in their order and holds each against its hash, its place, the columns that find it and the stored tree,
/// and the growing tree against the roots that were signed.
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

    /// <summary>Takes the next event.</summary>
    public void Take(TrailLine line)
    {
        if (line.Sequence > Size + 1)
        {
            Skip(line.Sequence - 1);
        }

        var leaf = TreeHash.Leaf(line.Body.AsSpan());
        Judge(line, leaf);
        Grow(leaf);
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
    public void End()
    {
        foreach (var (subject, first) in _erased.Where(erased => !_erasures.Contains(erased.Key)))
        {
            faults.Add(TrailFaultKind.ErasedUnrecorded, first, $"Names and free text about {subject} are erased from event {first} on, and no event says who erased them and why.");
        }
    }

    private void Judge(TrailLine line, TreeHash leaf)
    {
        var at = line.Sequence;
        if (!line.Leaf.AsSpan().SequenceEqual(BytesOf(leaf)))
        {
            faults.Add(TrailFaultKind.Altered, at, $"Event {at} isn't what was written: its bytes don't have the hash beside them.");
        }
        else if (leafOf(at - 1) is { } stored && stored != leaf)
        {
            faults.Add(TrailFaultKind.Altered, at, $"Event {at} isn't what was written: the tree has another hash in its place.");
        }

        try
        {
            var kept = CanonicalForm.Decode(line.Body);
            if (kept.Sequence != at)
            {
                faults.Add(TrailFaultKind.Reordered, at, $"In the place of event {at} stands event {kept.Sequence}.");
            }
            else if (line.Differing(kept.Event) is { } column)
            {
                faults.Add(TrailFaultKind.Altered, at, $"The column {column} of event {at} says something else than the event, and hides it from who looks for it.");
            }

            JudgePersonal(line, kept);
            TakeErasure(kept.Event);
        }
        catch (FormatException)
        {
            faults.Add(TrailFaultKind.Altered, at, $"Event {at} can't be read: its bytes are no event.");
        }
    }

    /// <summary>Notes that somebody's names and free text were erased, where an event says so.</summary>
    public void TakeErasure(AuditEvent occurred)
    {
        if (occurred is { Type: AuditEventTypes.AuditErased, Subject: { } subject })
        {
            _erasures.Add(new AuditSubjectKey(subject.Collection, subject.Id));
        }
    }

    private void JudgePersonal(TrailLine line, KeptEvent kept)
    {
        PersonalText? personal;
        try
        {
            personal = line.ReadPersonal();
        }
        catch (FormatException)
        {
            faults.Add(TrailFaultKind.PersonalAltered, line.Sequence, $"The names and free text of event {line.Sequence} can't be read.");
            return;
        }

        if (!kept.IsBoundTo(personal))
        {
            faults.Add(TrailFaultKind.PersonalAltered, line.Sequence, $"The names and free text of event {line.Sequence} aren't those that were written with it.");
        }

        if (personal?.By?.ErasedAt is not null)
        {
            _erased.TryAdd(new AuditSubjectKey(AuditSubject.Staff, kept.Event.Actor.Id.Value), line.Sequence);
        }

        if (personal?.About?.ErasedAt is not null && kept.Event.Subject is { } subject)
        {
            _erased.TryAdd(new AuditSubjectKey(subject.Collection, subject.Id), line.Sequence);
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

    private static byte[] BytesOf(TreeHash hash)
    {
        var bytes = new byte[TreeHash.Length];
        hash.CopyTo(bytes);
        return bytes;
    }
}
