namespace SupportConsole.Features.Audit.Proving;

/// <summary>How it stands with one witness.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Size">Over how many events it cosigned last; 0 for none so far.</param>
/// <param name="SignedAt">When that was, by its own clock; null for never.</param>
/// <param name="Alarm">How it contradicts the log, as a sentence; null where it doesn't.</param>
/// <param name="Fault">Why nothing could be had from it last, as a sentence; null where it answered.</param>
/// <param name="Since">Since when it is asked in vain; null where it isn't.</param>
internal sealed record WitnessState(string Name, long Size, DateTimeOffset? SignedAt, string? Alarm, string? Fault, DateTimeOffset? Since)
{
    /// <summary>How long ago it cosigned; null for never.</summary>
    public TimeSpan? AgeAt(DateTimeOffset now) => SignedAt is { } at ? (now > at ? now - at : TimeSpan.Zero) : null;
}
