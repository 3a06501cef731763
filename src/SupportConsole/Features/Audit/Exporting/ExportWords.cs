using static SupportConsole.Core.Numbers;

namespace SupportConsole.Features.Audit.Exporting;

/// <summary>Says how far an export is.</summary>
internal static class ExportWords
{
    /// <summary>How far, in a sentence; where it isn't whole also why.</summary>
    public static string Of(ExportProgress export) => export.End switch
    {
        null => $"{Events(export)} so far, {Place(export)}",
        { Why: null } => $"{Events(export)}, done.",
        { IsRefusal: true, Why: var why } => why,
        { Why: var why } => $"Stopped after {Events(export)}, {Place(export)}. {why} What came is not the whole.",
    };

    /// <summary>How much of the trail it has been through, in whole percent.</summary>
    public static double Percent(ExportProgress export)
    {
        var (after, until) = (export.Wish.After, export.Wish.Until ?? export.Wish.After);
        return until <= after ? 0 : Math.Floor(100.0 * (export.Reached - after) / (until - after));
    }

    private static string Events(ExportProgress export) => export.Events is var events && events == 1 ? "1 event" : $"{Number(events)} events";

    private static string Place(ExportProgress export) => $"at event {Number(export.Reached)} of {Number(export.Wish.Until ?? export.Reached)}";
}
