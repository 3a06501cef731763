using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Audit;

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
