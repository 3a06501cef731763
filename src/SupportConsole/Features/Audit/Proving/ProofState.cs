using SupportConsole.Features.Audit.Retaining;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>How far the log is verified and signed.</summary>
/// <param name="Last">What the last verification said; null before the first.</param>
/// <param name="Newest">The newest checkpoint; null before the first.</param>
/// <param name="WaitingSince">Since when there has been something that isn't signed and published; null where everything is.</param>
/// <param name="Patience">How long that may take.</param>
/// <param name="Hindrance">What stood in the way of the last checkpoint, as a sentence; null where nothing did.</param>
internal sealed record ProofState(Verdict? Last, StoredCheckpoint? Newest, DateTimeOffset? WaitingSince, TimeSpan Patience, string? Hindrance)
{
    /// <summary>What each witness cosigned last; none where none is configured.</summary>
    public IReadOnlyList<WitnessState> Witnesses { get; init; } = [];

    /// <summary>What is gone by the rule of retention, and what goes next.</summary>
    public required RetentionState Retention { get; init; }

    /// <summary>How long what isn't signed and published has waited, where that is too long.</summary>
    public TimeSpan? OverdueAt(DateTimeOffset now) => now - WaitingSince is { } waited && waited > Patience ? waited : null;
}
