using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit;

/// <summary>Between two entries of a list: where a page ended and the next one continues.</summary>
/// <param name="Time">When the entry before it happened, as the index has it: microseconds since 1970.</param>
/// <param name="Sequence">That entry's place.</param>
public readonly record struct AuditCursor(long Time, long Sequence);

/// <summary>Some entries, newest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Next">Where the older ones continue; null when there are none.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, AuditCursor? Next)
{
    /// <summary>Where this page begins, whatever has been recorded since; null when it is empty.</summary>
    public AuditCursor? Begin { get; init; }
}
