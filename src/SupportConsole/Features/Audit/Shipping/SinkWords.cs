using System.Globalization;
using SupportConsole.Features.Audit.Proving;
using static SupportConsole.Core.Numbers;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>How it stands with a sink, as people read it.</summary>
internal static class SinkWords
{
    /// <summary>On the page, in one sentence.</summary>
    public static string Of(SinkStanding sink, DateTimeOffset now)
    {
        var waiting = $"{(sink.IsMore ? "more than " : "")}{Number(sink.Waiting)} {(sink.Waiting == 1 && !sink.IsMore ? "event waits" : "events wait")}";
        return sink switch
        {
            { Fault: { } fault, Since: { } since } => $"{sink.Label} hasn't taken anything for {VerdictWords.Of(now - since)}; {waiting}: {fault}.",
            { Waiting: 0 } => $"{sink.Label} has everything up to event {Number(sink.Position)}.",
            _ => $"{sink.Label} is at event {Number(sink.Position)}; {waiting}.",
        };
    }

    /// <summary>For readiness, which is asked over and over: the same sentence while it stays the same.</summary>
    public static string Of(string label, SinkRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{label} hasn't taken any event of the audit trail since {row.Since:yyyy-MM-dd HH:mm} UTC: {row.Fault}.");
}
