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
/// <param name="Began">
/// The same moment as <paramref name="StartedAt"/> on the clock that nobody can set (<see cref="TimeProvider.GetTimestamp"/>). The
/// box is over when the first of both clocks says so: the host's clock set back extends nothing, and a host that slept, which that
/// other clock doesn't count, extends nothing either.
/// </param>
public sealed record ViewAsSession(
    string Id,
    AuditActor Agent,
    AppUserId User,
    string UserName,
    string UserEmail,
    ViewAsPurpose Purpose,
    DateTimeOffset StartedAt,
    TimeSpan Limit,
    long Began)
{
    /// <summary>The first instant at which the session is over, unless the host's clock is set.</summary>
    public DateTimeOffset EndsAt => StartedAt + Limit;

    /// <summary>The staff member whose session it is.</summary>
    public StaffId Staff => Agent.Id;

    /// <summary>Whether the time box still holds; half-open, so there is no instant at which it both holds and is over.</summary>
    public bool IsOpen(TimeProvider clock) => Left(clock) > TimeSpan.Zero;

    /// <summary>The event as one of this session's: with whom it views, why and for which ticket.</summary>
    public AuditEvent Mark(AuditEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return Purpose.Mark(happened) with
        {
            SessionId = Id,
            Subject = new AuditSubject(User.Collection, User.Record, UserName),
        };
    }

    /// <summary>What is left of the time box: the lesser of what two clocks say, and never negative.</summary>
    public TimeSpan Left(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var (set, unset) = (EndsAt - clock.GetUtcNow(), Limit - clock.GetElapsedTime(Began));
        var left = set < unset ? set : unset;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
