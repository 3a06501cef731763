using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Audit;

/// <summary>Events that a query leaves out: those that fit any of these.</summary>
public sealed record AuditExcept
{
    /// <summary>What these people did.</summary>
    public IReadOnlyList<StaffId> Actors { get; init; } = [];

    /// <summary>What was about these.</summary>
    public IReadOnlyList<AuditSubjectKey> Subjects { get; init; } = [];

    /// <summary>Some of <see cref="AuditEventTypes"/>.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>What ended so.</summary>
    public IReadOnlyList<AuditOutcome> Outcomes { get; init; } = [];

    /// <summary>What belongs to these sessions.</summary>
    public IReadOnlyList<string> Sessions { get; init; } = [];

    /// <summary>What has one of these tickets, the whole of it; letter case doesn't matter.</summary>
    public IReadOnlyList<string> Tickets { get; init; } = [];

    /// <summary>Texts, as in <see cref="AuditQuery.Text"/>: what has all words of one of them.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>What has one of these phrases, as in <see cref="AuditQuery.Phrases"/>.</summary>
    public IReadOnlyList<string> Phrases { get; init; } = [];

    /// <summary>Whether an event is left out, texts excepted, which the index of words knows.</summary>
    internal bool Fits(AuditEvent occurred) =>
        Actors.Contains(occurred.Actor.Id)
        || Subjects.Any(subject => subject.IsOf(occurred))
        || Types.Contains(occurred.Type)
        || Outcomes.Contains(occurred.Outcome)
        || (occurred.SessionId is { } session && Sessions.Contains(session))
        || (occurred.Ticket is { } ticket && Tickets.Contains(ticket, StringComparer.OrdinalIgnoreCase))
        || Phrases.Any(phrase => IndexWords.HasPhrase(occurred, phrase));
}
