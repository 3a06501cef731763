using System.Globalization;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>A verdict as people read it.</summary>
internal static class VerdictWords
{
    /// <summary>In a sentence or two.</summary>
    public static string Of(Verdict verdict) => verdict switch
    {
        { IsGood: false, Faults: [var first, ..] } => $"NOT in order: {Number(verdict.FaultCount)} {(verdict.FaultCount == 1 ? "fault" : "faults")} in {Number(verdict.Size)} events. {first.Text}",
        { Size: 0 } => "In order: there is no event yet.",
        { Checkpoints: 0 } => $"In order: all {Number(verdict.Size)} events are what was written. No checkpoint was published yet, so nothing outside the database says so too.",
        _ => $"In order: all {Number(verdict.Size)} events are what was written, and the {Number(verdict.Checkpoints)} published {(verdict.Checkpoints == 1 ? "checkpoint says" : "checkpoints say")} so up to event {Number(verdict.SignedTo)}.",
    };

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
