namespace SupportConsole.Features.Audit.Proving;

/// <summary>What a verification says.</summary>
/// <param name="Size">How many events there were.</param>
/// <param name="At">When it ended.</param>
/// <param name="Faults">What it found, the first hundred; none where everything is in order.</param>
/// <param name="FaultCount">How many it found in all.</param>
/// <param name="Checkpoints">How many published checkpoints it compared with.</param>
/// <param name="SignedTo">The size of the newest of them; 0 without any.</param>
internal sealed record Verdict(long Size, DateTimeOffset At, IReadOnlyList<TrailFault> Faults, long FaultCount, int Checkpoints, long SignedTo)
{
    /// <summary>How many of the events, from the first on, are purged, and only their hashes are there.</summary>
    public long Purged { get; init; }

    /// <summary>Whether nothing was found.</summary>
    public bool IsGood => FaultCount == 0;

    /// <summary>The verdict with what else is known, which comes first.</summary>
    public Verdict With(IReadOnlyCollection<TrailFault> more) =>
        this with { Faults = [.. more.Concat(Faults).Take(FaultList.Kept)], FaultCount = FaultCount + more.Count };
}
