using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Storage;

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

/// <summary>The last entry of a page: where the next one continues.</summary>
/// <param name="At">Its instant.</param>
/// <param name="Sequence">Its place.</param>
public readonly record struct AuditCursor(DateTimeOffset At, long Sequence)
{
    /// <summary>Reads the form that <see cref="ToString"/> writes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AuditCursor cursor)
    {
        cursor = default;
        if (text?.Split('-') is not [var at, var sequence]
            || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var stored)
            || !long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            || stored > StoredTime.From(DateTimeOffset.MaxValue))
        {
            return false;
        }

        cursor = new AuditCursor(StoredTime.ToInstant(stored), place);
        return true;
    }

    /// <summary>The form for an address: microseconds since 1970 and the place.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{StoredTime.From(At)}-{Sequence}");
}

/// <summary>Some entries, newest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Next">Where the older ones continue; null when there are none.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, AuditCursor? Next);

/// <summary>Somebody who acted at least once, by the last name used.</summary>
/// <param name="Id">Who.</param>
/// <param name="Name">The name on the newest event.</param>
public sealed record SeenStaff(StaffId Id, string Name);
