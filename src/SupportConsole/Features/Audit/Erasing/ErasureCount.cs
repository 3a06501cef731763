namespace SupportConsole.Features.Audit.Erasing;

/// <summary>How many events there are of a person, before an erasure or after it.</summary>
/// <param name="Events">Events whose names and texts go, or are gone.</param>
/// <param name="Remaining">Events from before names and texts were kept apart, which hold them for good.</param>
public sealed record ErasureCount(long Events, long Remaining);
