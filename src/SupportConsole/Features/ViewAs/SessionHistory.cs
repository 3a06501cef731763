using System.Runtime.CompilerServices;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Features.ViewAs.Dossier;
using SupportConsole.Storage;

namespace SupportConsole.Features.ViewAs;

/// <summary>Reads sessions back from the trail. That one is shown to anybody is an event of its own, recorded before anything of it is read.</summary>
internal sealed class SessionHistory(Pace pace, AuditReader reader, SessionLines lines, LogExport export, AuditTrail trail, TimeProvider clock)
{
    private const int Batch = 500;

    /// <summary>
    /// A session that has ended; null when there is none of this id, it is still open, or it is somebody else's and the person
    /// may not see those. The three look the same, so ids can't be tried out.
    /// </summary>
    /// <exception cref="NotWrittenException">That it is looked at can't be recorded.</exception>
    public async Task<EndedSession?> FindAsync(CurrentStaff who, string sessionId, CancellationToken cancellationToken)
    {
        if (await AdmitAsync(who, sessionId, cancellationToken) is not { } admitted)
        {
            return null;
        }

        await RecordAsync(admitted.Staff, admitted.Begin(AuditEventTypes.SessionViewed, clock.GetUtcNow()));
        return await ReadAsync(admitted, cancellationToken);
    }

    /// <summary>
    /// What is left of an ended session whose first events were purged, for those who may see everybody's: whose it was is gone with them.
    /// Null for any other session.
    /// </summary>
    /// <exception cref="NotWrittenException">That it is looked at can't be recorded.</exception>
    public async Task<CutSession?> FindCutAsync(CurrentStaff who, string sessionId, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.SeeSessions, cancellationToken);
        if (!staff.Member.May(Duty.SeeAllSessions) || await reader.SessionBoundsAsync(sessionId, cancellationToken) is not (null, { } ended)
            || await reader.PurgedAsync(cancellationToken) is not (var purged, { } by))
        {
            return null;
        }

        var looked = AdmittedReader.Begin(staff, sessionId, ended, AuditEventTypes.SessionViewed, clock.GetUtcNow());
        await RecordAsync(staff, looked with { Detail = "what a purge left of it" });
        return new CutSession(await lines.OutlineAsync(sessionId, null, ended, cancellationToken), purged, by);
    }

    /// <summary>An ended session as <see cref="FindAsync"/> has it, for a file that is taken away, which is recorded whoever does it.</summary>
    /// <exception cref="NotWrittenException">It can't be recorded.</exception>
    public async Task<EndedSession?> TakeAwayAsync(CurrentStaff who, string sessionId, CancellationToken cancellationToken)
    {
        if (await AdmitAsync(who, sessionId, cancellationToken) is not { } admitted)
        {
            return null;
        }

        await RecordAsync(admitted.Staff, admitted.Begin(AuditEventTypes.SessionDownloaded, clock.GetUtcNow()));
        return await ReadAsync(admitted, cancellationToken);
    }

    /// <summary>The proofs of a session's events, by the same rule: each that it has now, its taking away included, all against one checkpoint.</summary>
    /// <exception cref="NotWrittenException">It can't be recorded.</exception>
    /// <exception cref="SigningKeyException">There is no checkpoint over them, and none can be signed.</exception>
    public async Task<IAsyncEnumerable<LogProof>?> TakeProofsAwayAsync(CurrentStaff who, string sessionId, CancellationToken cancellationToken)
    {
        if (await AdmitAsync(who, sessionId, cancellationToken) is not { } admitted)
        {
            return null;
        }

        var taken = admitted.Begin(AuditEventTypes.AuditExported, clock.GetUtcNow());
        var recorded = await RecordAsync(admitted.Staff, taken with { Detail = $"the proofs of the session's events{(taken.Detail is { } whose ? $", {whose}" : "")}" });
        return await export.ProveAsync(SequencesAsync(sessionId, recorded.Sequence, cancellationToken), recorded.Sequence, cancellationToken);
    }

    /// <summary>What has happened so far in a session of the person's own, live or ended, this look included; null for any other.</summary>
    /// <exception cref="NotWrittenException">That it is looked at can't be recorded.</exception>
    public async Task<SessionOutline?> FindOwnAsync(CurrentStaff who, string sessionId, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.SeeSessions, cancellationToken);
        var (opened, ended) = await reader.SessionBoundsAsync(sessionId, cancellationToken);
        if (opened is null || opened.Event.Actor.Id != staff.Member.Id)
        {
            return null;
        }

        await RecordAsync(staff, AdmittedReader.Begin(staff, sessionId, opened, AuditEventTypes.SessionViewed, clock.GetUtcNow()));
        return await lines.OutlineAsync(sessionId, opened, ended, cancellationToken);
    }

    /// <summary>One page of what happened in a session; the first is 1.</summary>
    public async Task<IReadOnlyList<SessionLine>> PageAsync(CurrentStaff who, SessionOutline outline, int page, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.SeeSessions, cancellationToken);
        if (outline.Staff != staff.Member.Id)
        {
            await who.DemandAsync(Duty.SeeAllSessions, cancellationToken);
        }

        return await lines.PageAsync(outline, page, cancellationToken);
    }

    /// <summary>Whoever may know of a session that has ended, with its bounds; null as above. Shows nothing of it and records nothing.</summary>
    public async Task<AdmittedReader?> AdmitAsync(CurrentStaff who, string sessionId, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.SeeSessions, cancellationToken);
        return await reader.SessionBoundsAsync(sessionId, cancellationToken) is ({ } opened, { } ended)
            && (opened.Event.Actor.Id == staff.Member.Id || staff.Member.May(Duty.SeeAllSessions))
                ? new AdmittedReader(staff, sessionId, opened, ended)
                : null;
    }

    private async Task<EndedSession> ReadAsync(AdmittedReader admitted, CancellationToken cancellationToken)
    {
        var (opened, ended) = (admitted.Opened, admitted.Ended);
        return new EndedSession(opened, ended, EndReasons.Parse(ended.Event.Detail), admitted.Own)
        {
            Outline = await lines.OutlineAsync(admitted.SessionId, opened, ended, cancellationToken),
        };
    }

    private async Task<AuditEntry> RecordAsync(ActingStaff staff, AuditEvent happened)
    {
        await pace.KeepAsync(staff, Limit.Reads);
        return await trail.AppendAsync(happened);
    }

    private async IAsyncEnumerable<long> SequencesAsync(string sessionId, long until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long? after = 0;
        while (after is { } from && from < until)
        {
            (var entries, after) = await reader.SessionEntriesAsync(sessionId, from, Batch, cancellationToken);
            foreach (var entry in entries.TakeWhile(entry => entry.Sequence <= until))
            {
                yield return entry.Sequence;
            }
        }
    }
}
