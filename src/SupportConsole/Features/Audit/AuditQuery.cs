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

    /// <summary>The ticket, the whole of it; letter case doesn't matter.</summary>
    public string? Ticket { get; init; }

    /// <summary>Words that must occur whole and one behind the other.</summary>
    public IReadOnlyList<string> Phrases { get; init; } = [];

    /// <summary>Which of the events that fit all that are left out; null for none.</summary>
    public AuditExcept? Except { get; init; }

    /// <summary>How an event may have ended by all of this; without any, no event fits.</summary>
    internal IReadOnlyList<AuditOutcome> Outcomes =>
        [.. Enum.GetValues<AuditOutcome>().Where(outcome => (Outcome ?? outcome) == outcome && Except?.Outcomes.Contains(outcome) != true)];

    /// <summary>Whether events are found by their words, and so in the order in which they were written.</summary>
    internal bool HasWords => !string.IsNullOrWhiteSpace(Text) || Ticket is not null || Phrases.Count > 0 || Except?.Texts.Count > 0;

    /// <summary>Whether an entry that the index found is shown: what was asked for, and what can't be told any more, which is never left out.</summary>
    internal bool Finds(AuditEntry entry) => entry.IsDamaged || Fits(entry.Event);

    /// <summary>Whether the event itself is what was asked for, single words excepted; the index knows only fingerprints of its ids.</summary>
    internal bool Fits(AuditEvent occurred) =>
        (From is null || occurred.At >= From)
        && (To is null || occurred.At < To)
        && (Types.Count == 0 || Types.Contains(occurred.Type))
        && (Outcome is null || Outcome == occurred.Outcome)
        && (Actor is null || Actor == occurred.Actor.Id)
        && (Subject is not { } subject || subject.IsOf(occurred))
        && (SessionId is null || SessionId == occurred.SessionId)
        && (Ticket is null || string.Equals(Ticket, occurred.Ticket, StringComparison.OrdinalIgnoreCase))
        && Phrases.All(phrase => IndexWords.HasPhrase(occurred, phrase))
        && Except?.Fits(occurred) != true;
}
