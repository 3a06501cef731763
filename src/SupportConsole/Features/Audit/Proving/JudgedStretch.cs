using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>Some events that follow each other in the database, each judged by itself.</summary>
internal sealed class JudgedStretch
{
    /// <summary>The sequences that are there, rising, each with the leaf of its bytes.</summary>
    public List<(long Sequence, TreeHash Leaf)> Leaves { get; } = [];

    /// <summary>What is wrong with single events.</summary>
    public FaultList Faults { get; } = new();

    /// <summary>Whose names and free text are erased, with the first event where they are.</summary>
    public Dictionary<AuditSubjectKey, long> Erased { get; } = [];

    /// <summary>Whose erasure an event tells of.</summary>
    public HashSet<AuditSubjectKey> Erasures { get; } = [];
}
