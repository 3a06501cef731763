using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;

namespace SupportConsole.Core.ViewAs;

/// <summary>A time-boxed, read-only look at the app through one user's eyes. Holds no token.</summary>
/// <param name="Id">The session's own random id; never derived from a token.</param>
/// <param name="Agent">Who looks, with the roles held at the start.</param>
/// <param name="User">As whom.</param>
/// <param name="UserName">The user's name as it was at the start.</param>
/// <param name="UserEmail">The user's e-mail address as it was at the start; may be empty.</param>
/// <param name="Purpose">Why.</param>
/// <param name="StartedAt">From when.</param>
/// <param name="Limit">For how long at most.</param>
public sealed record ViewAsSession(
    string Id,
    AuditActor Agent,
    AppUserId User,
    string UserName,
    string UserEmail,
    ViewAsPurpose Purpose,
    DateTimeOffset StartedAt,
    TimeSpan Limit)
{
    /// <summary>The first instant at which the session is over.</summary>
    public DateTimeOffset EndsAt => StartedAt + Limit;

    /// <summary>The staff member whose session it is.</summary>
    public StaffId Staff => Agent.Id;

    /// <summary>Whether the time box still holds; half-open, so there is no instant at which it both holds and is over.</summary>
    public bool IsOpenAt(DateTimeOffset now) => now >= StartedAt && now < EndsAt;

    /// <summary>The event as one of this session's: with whom it views, why and for which ticket.</summary>
    public AuditEvent Mark(AuditEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened with
        {
            SessionId = Id,
            Subject = new AuditSubject(User.Collection, User.Record, UserName),
            Reason = Purpose.Reason,
            Category = Purpose.Category,
            Ticket = Purpose.Ticket.Length == 0 ? null : Purpose.Ticket,
        };
    }

    /// <summary>What is left of the time box; never negative.</summary>
    public TimeSpan LeftAt(DateTimeOffset now) => now >= EndsAt ? TimeSpan.Zero : EndsAt - now;
}

/// <summary>Why a session is opened, as the agent typed it.</summary>
/// <param name="Reason">In the agent's words.</param>
/// <param name="Category">One of <see cref="ViewAsPolicy.Categories"/>.</param>
/// <param name="Ticket">The support ticket; empty when there is none.</param>
public sealed record ViewAsPurpose(string Reason, string Category, string Ticket);
