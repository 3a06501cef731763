using SupportConsole.Core.Audit;
using SupportConsole.Ui;

namespace SupportConsole.Features.Audit;

/// <summary>An event in the few words that fit into a row.</summary>
internal static class EventSummary
{
    public static string Of(AuditEvent happened) => string.Join(" · ", Parts(happened).Where(part => !string.IsNullOrEmpty(part)));

    public static Tag.Tone ToneOf(AuditEvent happened) => happened.Outcome switch
    {
        AuditOutcome.Denied => Tag.Tone.Bad,
        AuditOutcome.Failed => Tag.Tone.Attention,
        _ when happened.Type == AuditEventTypes.ReadRequested => Tag.Tone.Quiet,
        _ => Tag.Tone.Accent,
    };

    private static IEnumerable<string?> Parts(AuditEvent happened)
    {
        yield return happened.Target?.Collection;
        yield return (happened.Target?.Count, happened.Target?.RecordIds) switch
        {
            (1, _) => "1 record",
            ({ } count, _) => $"{count} records",
            (null, [var id]) => id,
            _ => null,
        };
        var reason = happened.Type.StartsWith("records.", StringComparison.Ordinal) || happened.Type.StartsWith("record.", StringComparison.Ordinal)
            ? null
            : happened.Reason;
        // Once, where all of them were erased.
        foreach (var text in new[] { happened.Detail, happened.Ticket, reason }.Distinct())
        {
            yield return text;
        }
    }
}
