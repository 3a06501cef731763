namespace SupportConsole.Features.Audit.Retaining;

/// <summary>A purge that has begun.</summary>
/// <param name="Sequence">The event that tells of it.</param>
/// <param name="Through">The newest event that goes.</param>
internal sealed record Purge(long Sequence, long Through);
