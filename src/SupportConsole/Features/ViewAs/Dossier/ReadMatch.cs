namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>What PocketBase's log has of a read.</summary>
/// <param name="At">When its first request came in, on PocketBase's clock.</param>
/// <param name="Status">What that was answered with.</param>
/// <param name="Requests">How many requests the read took.</param>
/// <param name="Difference">What the two say differently; null where they agree.</param>
public sealed record ReadMatch(DateTimeOffset At, int Status, int Requests, string? Difference);
