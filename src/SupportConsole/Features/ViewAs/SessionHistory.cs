using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.Audit;

namespace SupportConsole.Features.ViewAs;

/// <summary>Reads sessions back from the trail.</summary>
internal sealed class SessionHistory(AuditReader reader)
{
    /// <summary>
    /// A session that has ended; null when there is none of this id, it is still open, or it is somebody else's and the person
    /// may not see those. The three look the same, so ids can't be tried out.
    /// </summary>
    public async Task<EndedSession?> FindAsync(CurrentStaff who, string sessionId, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.SeeSessions, cancellationToken);
        var (opened, ended) = await reader.SessionBoundsAsync(sessionId, cancellationToken);
        if (opened is null || ended is null
            || (opened.Event.Actor.Id != staff.Member.Id && !staff.Member.May(Duty.SeeAllSessions)))
        {
            return null;
        }

        var reads = await reader.SessionReadsAsync(sessionId, cancellationToken);
        return new EndedSession(opened, ended, EndReasons.Parse(ended.Event.Detail), reads, opened.Event.Actor.Id == staff.Member.Id);
    }
}
