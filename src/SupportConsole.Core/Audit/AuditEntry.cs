using System.Collections.Immutable;

namespace SupportConsole.Core.Audit;

/// <summary>An event as the trail keeps it.</summary>
/// <param name="Sequence">Its place: 1, 2, 3 … without gaps.</param>
/// <param name="Event">What happened.</param>
/// <param name="LeafHash">SHA-256 over the leaf prefix and the canonical bytes; see <see cref="CanonicalForm"/>.</param>
/// <param name="IsDamaged">Whether its bytes can't be read, or its names and texts aren't those it was written with: the event then says only what is kept beside them.</param>
public sealed record AuditEntry(long Sequence, AuditEvent Event, ImmutableArray<byte> LeafHash, bool IsDamaged = false)
{
    /// <summary>What of its names and free text was erased, and when; null where nothing was.</summary>
    public ErasedText? Erased { get; init; }
}
