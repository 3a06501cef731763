using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>What the user reaches of one collection.</summary>
/// <param name="Schema">The collection.</param>
/// <param name="Listed">How many records the user's own list counts, or what stands against it; null where the answer couldn't be had.</param>
/// <param name="Failure">Why it couldn't be had; null where it could.</param>
internal sealed record ReachRow(CollectionSchema Schema, ReadOutcome<int>? Listed, string? Failure);
