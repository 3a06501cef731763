using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Audit;

/// <summary>Whom an event is about, without the name.</summary>
/// <param name="Collection">The auth collection, or <see cref="AuditSubject.Staff"/>.</param>
/// <param name="Id">The record id, or the staff id's value.</param>
public readonly record struct AuditSubjectKey(string Collection, string Id)
{
    /// <summary>Whether an event is about this one, by its ids and not by their fingerprint.</summary>
    internal bool IsOf(AuditEvent occurred) => Collection == occurred.Subject?.Collection && Id == occurred.Subject.Id;

    /// <summary>Both in one text. A collection's name has no slash, so no two keys meet.</summary>
    public override string ToString() => $"{Collection}/{Id}";
}

/// <summary>Which events are asked for; what is null doesn't narrow.</summary>
public sealed record AuditQuery
{
    /// <summary>Every event.</summary>
    public static AuditQuery All { get; } = new();

    /// <summary>Not before this instant.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this instant, which itself is not part of it: two queries that touch share no event.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Who acted.</summary>
    public StaffId? Actor { get; init; }

    /// <summary>Whom it was about.</summary>
    public AuditSubjectKey? Subject { get; init; }

    /// <summary>Some of <see cref="AuditEventTypes"/>; empty for all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>How it ended.</summary>
    public AuditOutcome? Outcome { get; init; }

    /// <summary>The view-as session.</summary>
    public string? SessionId { get; init; }

    /// <summary>
    /// Beginnings of words, all of which must occur in the reason, category, ticket, ids, names or detail. Letter case and accents
    /// don't matter; what is neither letter nor digit separates words.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Whether the event itself is what was asked for, its words excepted; the index knows only fingerprints of its ids.</summary>
    internal bool Fits(AuditEvent occurred) =>
        (From is null || occurred.At >= From)
        && (To is null || occurred.At < To)
        && (Types.Count == 0 || Types.Contains(occurred.Type))
        && (Outcome is null || Outcome == occurred.Outcome)
        && (Actor is null || Actor == occurred.Actor.Id)
        && (Subject is not { } subject || subject.IsOf(occurred))
        && (SessionId is null || SessionId == occurred.SessionId);
}

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

/// <summary>Somebody who acted at least once, by the last name used.</summary>
/// <param name="Id">Who.</param>
/// <param name="Name">The name on the newest event.</param>
public sealed record SeenStaff(StaffId Id, string Name);
