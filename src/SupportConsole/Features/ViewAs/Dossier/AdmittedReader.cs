using SupportConsole.Access;
using SupportConsole.Core.Audit;

namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>Somebody who may know of an ended session: its agent, or who sees everybody's.</summary>
/// <param name="Staff">Who.</param>
/// <param name="SessionId">Which session.</param>
/// <param name="Opened">The entry of its beginning.</param>
/// <param name="Ended">The entry of its end.</param>
internal sealed record AdmittedReader(ActingStaff Staff, string SessionId, AuditEntry Opened, AuditEntry Ended)
{
    /// <summary>Whether it was their own.</summary>
    public bool Own => Opened.Event.Actor.Id == Staff.Member.Id;

    /// <summary>Begins an event about the session's history. Both people are on it, and the agent as the third where that is another one.</summary>
    public AuditEvent Begin(string type, DateTimeOffset at) => Begin(Staff, SessionId, Opened, type, at);

    /// <summary>The same of a session that may be live.</summary>
    public static AuditEvent Begin(ActingStaff staff, string sessionId, AuditEntry opened, string type, DateTimeOffset at) => staff.Begin(type, at) with
    {
        SessionId = sessionId,
        Subject = opened.Event.Subject,
        Reason = opened.Event.Reason,
        Category = opened.Event.Category,
        Ticket = opened.Event.Ticket,
        Detail = opened.Event.Actor.Id == staff.Member.Id ? null : $"session of {opened.Event.Actor.Name} ({opened.Event.Actor.Id})",
    };
}
