using static SupportConsole.Core.Numbers;

namespace SupportConsole.Features.Audit.Retaining;

/// <summary>What is gone from the trail by the rule of retention, and what goes next.</summary>
/// <param name="Purged">So many events from the first on are gone.</param>
/// <param name="PurgedAt">Since when; null where none is.</param>
/// <param name="Next">The purge that is announced; null for none.</param>
internal sealed record RetentionState(long Purged, DateTimeOffset? PurgedAt, PurgePlan? Next)
{
    /// <summary>How these events are called in a sentence: "event 1", "events 1 to 512".</summary>
    public static string Named(long first, long last) => first == last ? $"event {Number(first)}" : $"events {Number(first)} to {Number(last)}";
}
