using System.Globalization;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;
using static SupportConsole.Core.Numbers;

namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>What a line of a session's history says, on the page as in the file.</summary>
internal static class LineWords
{
    /// <summary>What was done, in the past tense.</summary>
    public static string WhatOf(SessionLine line)
    {
        var happened = line.Entry.Event;
        return line.Type switch
        {
            _ when line.State == LineState.Damaged => $"A damaged entry ({happened.Type})",
            AuditEventTypes.SessionRequested => "Session asked for",
            AuditEventTypes.SessionOpened => "Session opened",
            AuditEventTypes.SessionDenied => "Session refused by policy",
            AuditEventTypes.SessionOpenFailed => "Session couldn't be opened",
            AuditEventTypes.SessionEnded => "Session ended",
            AuditEventTypes.SessionTokenRejected => "PocketBase stopped accepting the session's token",
            AuditEventTypes.SessionTokenRefused => "PocketBase confirmed that it refuses the session's token",
            AuditEventTypes.SessionViewed => "Dossier looked at",
            AuditEventTypes.SessionDownloaded => "Dossier downloaded",
            AuditEventTypes.AuditExported => "Proofs downloaded",
            AuditEventTypes.SessionCompared => "Compared with PocketBase's log",
            AuditEventTypes.RecordsListed => "Listed",
            AuditEventTypes.RecordViewed => "Opened",
            AuditEventTypes.RecordsFollowed => "Followed changes of",
            AuditEventTypes.FileViewed => "Opened a file of",
            AuditEventTypes.ReachViewed => "Counted what the user reaches",
            AuditEventTypes.AccessLocated => "Looked for a record as superuser",
            AuditEventTypes.AccessExplained => "Asked what the user may do with",
            AuditEventTypes.AccessHiddenListed => "Asked what is hidden from the user of",
            AuditEventTypes.AccessRuleTried => "Tried another rule of",
            AuditEventTypes.AccessAffectedCounted => "Counted for whom else a rule stands before",
            AuditEventTypes.AccessCompared => "Compared the user with another one before",
            AuditEventTypes.AccessChangesNamed => "Asked what would let the user see",
            var other => other,
        };
    }

    /// <summary>What was read: the collection, and how many records where that was kept; empty for what is no read.</summary>
    public static string TargetOf(SessionLine line) => (line.Entry.Event.Target, line.State) switch
    {
        (null, _) => "",
        ({ } target, LineState.Done) when CountOf(target) is { } count => $"{target.Collection} · {(count == 1 ? "1 record" : $"{count.ToString("N0", CultureInfo.InvariantCulture)} records")}",
        ({ } target, _) => target.Collection,
    };

    /// <summary>The ids of what was read, or asked for.</summary>
    public static IReadOnlyList<string> RecordsOf(SessionLine line) => line.Entry.Event.Target?.RecordIds ?? [];

    /// <summary>The word for how it came out; null where it simply did.</summary>
    public static string? StateOf(SessionLine line) => line.State == LineState.Done ? null : line.State.ToString().ToLowerInvariant();

    /// <summary>What else is to be said of how it came out.</summary>
    public static string? HowOf(SessionLine line, SessionOutline outline)
    {
        var happened = line.Entry.Event;
        return line.State switch
        {
            LineState.Damaged => happened.Detail,
            LineState.Unanswered when outline.Ended is null => "no answer yet",
            LineState.Unanswered when outline.Damaged > 0 => "no answer is in the trail; it may be in a damaged entry",
            LineState.Unanswered => "no answer is in the trail: nothing of it was shown",
            LineState.Failed when line.IsRead => happened.Detail is { Length: > 0 } why ? $"nothing shown: {why}" : "nothing shown",
            LineState.Done when line.IsRead => happened.Detail is { Length: > 0 } more ? $"shown · {more}" : "shown",
            _ => happened.Detail,
        };
    }

    /// <summary>Who acted, where it wasn't the session's agent; null otherwise.</summary>
    public static string? ActorOf(SessionLine line, SessionOutline outline) =>
        line.State == LineState.Damaged || line.Entry.Event.Actor.Id == outline.Agent.Id ? null : line.Entry.Event.Actor.Name;

    /// <summary>What is decided of the session by policy, as the trail has it.</summary>
    public static IEnumerable<string> DecisionsOf(SessionOutline outline)
    {
        if (outline.Requested is { Event: var asked, Sequence: var at })
        {
            yield return $"#{at}: asked for {asked.Detail}";
        }

        if (outline.Opened is { IsDamaged: false } opened)
        {
            yield return $"#{opened.Sequence}: every rule was met, opened for {opened.Event.Detail}";
        }
        else if (outline.Opened is { } damaged)
        {
            yield return $"#{damaged.Sequence}: opened; the entry is {damaged.Event.Detail}";
        }
    }

    /// <summary>Why it ended, in a sentence.</summary>
    public static string EndOf(EndedSession session) => session.Ended.IsDamaged
        ? "The entry of its end is damaged, so that why it ended can't be told."
        : session.Reason is { } reason ? EndReasons.SentenceOf(reason, session.Own) : "The session is over.";

    /// <summary>A time that went by: <c>4 min 12 s</c>.</summary>
    public static string Span(TimeSpan lasted)
    {
        var seconds = (long)Math.Round(lasted.TotalSeconds);
        return seconds < 60 ? $"{seconds} s" : seconds % 60 == 0 ? $"{seconds / 60} min" : $"{seconds / 60} min {seconds % 60} s";
    }

    /// <summary>The sum of a session's reads.</summary>
    public static string SumOf(SessionOutline outline)
    {
        string?[] parts =
        [
            outline.Reads == 1 ? "1 read" : $"{Number(outline.Reads)} reads",
            outline.Refused > 0 ? $"{Number(outline.Refused)} refused" : null,
            outline.Failed > 0 ? $"{Number(outline.Failed)} failed" : null,
            outline.Unanswered > 0 ? $"{Number(outline.Unanswered)} without an answer" : null,
            outline.Damaged > 0 ? $"{Number(outline.Damaged)} damaged {(outline.Damaged == 1 ? "entry" : "entries")}" : null,
        ];
        return string.Join(" · ", parts.OfType<string>());
    }

    /// <summary>An instant for a text that leaves the console.</summary>
    public static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Somebody's text in a line of its own, which neither breaks it nor turns what follows round.</summary>
    public static string OneLine(string? text) =>
        VisibleText.Isolate(string.Concat((text ?? "").Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)));

    /// <summary>A few lines for a ticket: who looked, as whom, why, when and at how much. Names no record.</summary>
    public static string SummaryOf(EndedSession session)
    {
        var outline = session.Outline;
        var purpose = outline.Purpose;
        string?[] lines =
        [
            $"Support session {outline.SessionId}",
            $"{OneLine(purpose?.Actor.Name ?? "Can't be read")} viewed as {OneLine(purpose?.Subject?.Name ?? "can't be read")} ({OneLine($"{purpose?.Subject?.Collection}/{purpose?.Subject?.Id}")}), read-only",
            $"Reason: {OneLine(purpose?.Reason)}{(purpose?.Category is { Length: > 0 } category ? $" ({OneLine(category)})" : "")}",
            purpose?.Ticket is { Length: > 0 } ticket ? $"Ticket: {OneLine(ticket)}" : null,
            $"From {Utc(session.Opened.Event.At)} to {Utc(session.Ended.Event.At)} ({Span(session.Ended.Event.At - session.Opened.Event.At)}), {OneLine(session.Ended.Event.Detail)}",
            SumOf(outline) + $", each in the audit trail (entries #{(outline.Requested ?? session.Opened).Sequence} to #{session.Ended.Sequence})",
        ];
        return string.Join('\n', lines.OfType<string>());
    }

    private static int? CountOf(AuditTarget target) => target.Count ?? (target.RecordIds.IsDefaultOrEmpty ? null : target.RecordIds.Length);
}
