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
    public AuditEvent Begin(string type, DateTimeOffset at) => Staff.Begin(type, at) with
    {
        SessionId = SessionId,
        Subject = Opened.Event.Subject,
        Reason = Opened.Event.Reason,
        Category = Opened.Event.Category,
        Ticket = Opened.Event.Ticket,
        Detail = Own ? null : $"session of {Opened.Event.Actor.Name} ({Opened.Event.Actor.Id})",
    };
}
