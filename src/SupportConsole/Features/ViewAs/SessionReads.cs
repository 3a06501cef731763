using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.Audit;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.ViewAs;

/// <summary>
/// What every read through a live session has in common: whose session it is, how often may be read, that question and answer are in the
/// trail, that the user may still be viewed. The client proves with each read that the view is the user's; a read that can't be
/// proved ends the session and shows nothing.
/// </summary>
internal sealed class SessionReads(
    Pace pace, LiveSessions sessions, SessionEnds ends, ProtectedUsers protectedUsers, AuditedRead audited, AuditTrail trail, SuperuserRequests requests,
    KeyedHash hash, TimeProvider clock)
{
    /// <summary>The person's own session while it lives.</summary>
    /// <exception cref="SessionOverException">It is over, somebody else's, or never was.</exception>
    public async Task<(ActingStaff Staff, LiveSession Live)> RequireAsync(CurrentStaff who, string sessionId, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ViewAsUsers, cancellationToken);
        var live = sessions.Find(sessionId);
        return live is not null && live.Session.Staff == staff.Member.Id && live.IsOpen
            ? (staff, live)
            : throw new SessionOverException();
    }

    /// <summary>Reads something as the user.</summary>
    /// <param name="staff">Who reads.</param>
    /// <param name="live">Through which session.</param>
    /// <param name="type">What kind of read it is: one of <see cref="AuditEventTypes"/>.</param>
    /// <param name="target">What is read, as far as the question tells.</param>
    /// <param name="read">Asks PocketBase.</param>
    /// <param name="complete">Adds to the entry what only the answer tells.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="SessionOverException">The session ended meanwhile; nothing may be shown.</exception>
    public async Task<T> RunAsync<T>(
        ActingStaff staff,
        LiveSession live,
        string type,
        AuditTarget? target,
        Func<ImpersonatedClient, CancellationToken, Task<T>> read,
        Func<AuditEvent, T, AuditEvent> complete,
        CancellationToken cancellationToken)
    {
        await pace.KeepAsync(staff, Limit.Reads);
        var entry = live.Session.Mark(staff.Begin(type, clock.GetUtcNow())) with { Target = target, CorrelationId = AuditedRead.NewCorrelationId() };
        if (type != AuditEventTypes.RecordsFollowed)
        {
            // Changes come by themselves, which is no sign of anybody at the window.
            live.Touch();
        }

        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, live.Over);
        try
        {
            var outcome = await audited.RunAsync(entry, () => ReadUnlessProtectedAsync(live, read, until.Token), complete);

            // The session may have ended while the answer was on its way; then it isn't shown any more.
            return live.IsOpen ? outcome : throw new SessionOverException();
        }
        catch (OperationCanceledException) when (live.Over.IsCancellationRequested)
        {
            throw new SessionOverException();
        }
        catch (PocketBaseProblem problem) when (problem.Kind == PocketBaseProblemKind.Refused)
        {
            // What is said of it sends the agent to a new session: that one must not believe what this one did.
            requests.ForgetCollections();
            throw;
        }
        catch (PocketBaseProblem problem) when (problem.Kind == PocketBaseProblemKind.TokenRejected)
        {
            if (!live.Over.IsCancellationRequested)
            {
                await RejectAsync(live, entry);
            }

            throw new SessionOverException();
        }
    }

    /// <summary>
    /// Reads while policy is asked whether the user may still be viewed: the answer is thrown away when not, and the session ends.
    /// </summary>
    private async Task<T> ReadUnlessProtectedAsync<T>(
        LiveSession live, Func<ImpersonatedClient, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var session = live.Session;
        var reading = read(live.Client, cancellationToken);
        var asking = protectedUsers.OfAsync(hash.CallerFor(session.Staff, session.Id), session.User, cancellationToken);
        await Task.WhenAll(reading, asking);
        if (SessionEnds.ReasonFor(await asking) is { } reason)
        {
            await ends.EndAsync(session.Id, reason);
            throw new SessionOverException();
        }

        return await reading;
    }

    // The session ends first: whatever the trail answers, nothing is read with this token again.
    private async Task RejectAsync(LiveSession live, AuditEvent entry)
    {
        if (!live.Session.IsOpen(clock))
        {
            await ends.EndAsync(live.Session.Id, EndReason.Expired);
            return;
        }

        await ends.EndAsync(live.Session.Id, EndReason.TokenRejected);
        await trail.AppendAsync(entry with
        {
            Type = AuditEventTypes.SessionTokenRejected,
            At = clock.GetUtcNow(),
            Outcome = AuditOutcome.Failed,
            Detail = "The answer was discarded and nothing of it shown.",
        });
    }
}
