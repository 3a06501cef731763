using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>Some events that follow each other in the database, each judged by itself.</summary>
internal sealed class JudgedStretch
{
    /// <summary>The sequences that are there, rising, each with the leaf of its bytes.</summary>
    public List<(long Sequence, TreeHash Leaf)> Leaves { get; } = [];

    /// <summary>What is wrong with single events.</summary>
    public FaultList Faults { get; } = new();

    /// <summary>What of the names and free text is erased, with the first and the newest event where it is.</summary>
    public Dictionary<ErasedGroup, (long First, long Newest)> Erased { get; } = [];

    /// <summary>The erasures that events tell of.</summary>
    public List<ToldErasure> Erasures { get; } = [];

    /// <summary>Notes that something is erased in an event, which is the newest so far.</summary>
    public void Note(ErasedGroup group, long sequence) =>
        Erased[group] = (Erased.TryGetValue(group, out var known) ? known.First : sequence, sequence);
}
