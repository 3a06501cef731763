using SupportConsole.Features.Audit.Retaining;
using static SupportConsole.Core.Numbers;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>A verdict as people read it.</summary>
internal static class VerdictWords
{
    /// <summary>In a sentence or two.</summary>
    public static string Of(Verdict verdict) => verdict switch
    {
        { IsGood: false, Faults: [var first, ..] } => $"NOT in order: {Number(verdict.FaultCount)} {(verdict.FaultCount == 1 ? "fault" : "faults")} in {Number(verdict.Size)} events. {first.Text}",
        { Size: 0 } => "In order: there is no event yet.",
        { Checkpoints: 0 } => $"In order: {EventsOf(verdict)} are what was written. No checkpoint was published yet, so nothing outside the database says so too.",
        _ => $"In order: {EventsOf(verdict)} are what was written, and the {(verdict.Checkpoints == 1 ? "published checkpoint says" : $"{Number(verdict.Checkpoints)} published checkpoints say")} so up to event {Number(verdict.SignedTo)}.",
    };

    private static string EventsOf(Verdict verdict) => verdict.Purged == 0
        ? $"all {Number(verdict.Size)} events"
        : $"{RetentionState.Named(1, verdict.Purged)} {(verdict.Purged == 1 ? "is" : "are")} purged, as an event says, and the hashes and the other {Number(verdict.Size - verdict.Purged)} events";

    /// <summary>What sort of fault it is.</summary>
    public static string Of(TrailFaultKind kind) => kind switch
    {
        TrailFaultKind.Altered => "Event altered",
        TrailFaultKind.Reordered => "Event in another's place",
        TrailFaultKind.MissingMiddle => "Events missing",
        TrailFaultKind.MissingTail => "End missing",
        TrailFaultKind.Rebuilt => "Log rebuilt",
        TrailFaultKind.WrongKey => "Wrong key",
        TrailFaultKind.CheckpointRemoved => "Checkpoint removed",
        TrailFaultKind.CheckpointAltered => "Checkpoint altered",
        TrailFaultKind.TreeDamaged => "Stored tree damaged",
        TrailFaultKind.PersonalAltered => "Names or texts altered",
        TrailFaultKind.ErasedUnrecorded => "Erased by nobody known",
        TrailFaultKind.Forked => "Contradicted by a witness",
        _ => "Unreadable",
    };

    /// <summary>How long something lasts or is ago: "3 minutes", "2 hours", "3 days".</summary>
    public static string Of(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => "a moment",
        { TotalMinutes: < 2 } => "1 minute",
        { TotalHours: < 1 } => $"{time.Minutes} minutes",
        { TotalHours: < 2 } => "1 hour",
        { TotalDays: < 2 } => $"{Number((long)time.TotalHours)} hours",
        _ => $"{Number((long)time.TotalDays)} days",
    };
}
