using System.Collections.Concurrent;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.Audit;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.ViewAs;

/// <summary>
/// Ends sessions and writes down why. It asks for nobody's duty, so no page gets hold of it: people end sessions at
/// <see cref="ViewAsDesk"/>.
/// </summary>
internal sealed partial class SessionEnds(
    LiveSessions sessions, SuperuserClient superuser, EndedTokens tokens, ProtectedUsers protectedUsers, AuditTrail trail, AuditReader reader, KeyedHash hash, TimeProvider clock,
    ILogger<SessionEnds> logger)
{
    // Ends whose entry couldn't be written when they happened: the session is over all the same, the entry follows.
    private readonly ConcurrentQueue<AuditEvent> _unrecorded = new();

    /// <summary>Ends a session. Does nothing when it is over already.</summary>
    /// <param name="sessionId">Which.</param>
    /// <param name="reason">Why.</param>
    /// <param name="by">Whose will it is; null for the console's own.</param>
    public async Task EndAsync(string sessionId, EndReason reason, ActingStaff? by = null)
    {
        if (!sessions.TryEnd(sessionId, out var live))
        {
            return;
        }

        var ended = Ending(live.Session, reason, by?.Actor ?? AuditActor.System) with { ClientAddress = by?.ClientAddress };
        var refused = await tokens.RefuseAsync(live.Client, hash.CallerFor(live.Session.Staff, sessionId));
        if (refused is not null)
        {
            ended = ended with { Detail = $"{ended.Detail}{EndReasons.Separator}{(refused.Value ? EndedTokens.Refused : EndedTokens.NotConfirmed)}" };
        }

        try
        {
            await trail.AppendAsync(ended);
        }
        catch (NotWrittenException failure)
        {
            LogEndNotRecorded(failure, sessionId);
            _unrecorded.Enqueue(ended);
        }

        await sessions.Changes.PublishAsync(sessionId);
        await tokens.SettleAsync(live.Client, refused);
    }

    /// <summary>Writes down ends that couldn't be written when they happened.</summary>
    public async Task RecordLateAsync()
    {
        while (_unrecorded.TryPeek(out var ended))
        {
            // A write that came too late to be waited for may have been done all the same.
            if (await reader.SessionBoundsAsync(ended.SessionId!, CancellationToken.None) is { Ended: null })
            {
                await trail.AppendAsync(ended);
            }

            _unrecorded.TryDequeue(out _);
        }
    }

    /// <summary>
    /// The ends of the sessions that an earlier stop left open, for whoever records the start. None of this run's are among them: a
    /// database that is locked while the console starts may be free a moment later, and sessions that go on have been opened by then.
    /// </summary>
    public async Task<IEnumerable<AuditEvent>> LeftOpenAsync(CancellationToken cancellationToken) =>
        (await reader.OpenSessionsAtLastStopAsync(cancellationToken))
        .Where(opened => !opened.IsDamaged && opened.Event.Instance != trail.Instance)
        .Select(opened => opened.Event with
        {
            Type = AuditEventTypes.SessionEnded,
            At = clock.GetUtcNow(),
            Actor = AuditActor.System,
            ClientAddress = null,
            Detail = DetailOf(EndReason.ConsoleStopped, opened.Event.Actor),
        });

    /// <summary>Why a session ends whose user is gone, or protected by now; null when it goes on.</summary>
    public async Task<EndReason?> ReasonForAsync(ViewAsSession session, CancellationToken cancellationToken)
    {
        var caller = hash.CallerFor(session.Staff, session.Id);
        if (await superuser.FindUserAsync(SuperuserUse.CheckProtection, caller, session.User, cancellationToken) is null)
        {
            return EndReason.UserGone;
        }

        return ReasonFor(await protectedUsers.OfAsync(caller, session.User, cancellationToken));
    }

    /// <summary>Why a session with a user of this protection ends; null when it goes on.</summary>
    public static EndReason? ReasonFor(Protection protection) => protection switch
    {
        Protection.None => null,
        Protection.Undecided => EndReason.ProtectionUndecided,
        _ => EndReason.UserProtected,
    };

    /// <summary>Whose session it was, for entries of which somebody else is the actor: both people are on every record.</summary>
    public static string WhoseWords(AuditActor agent) => $"session of {agent.Name} ({agent.Id})";

    private AuditEvent Ending(ViewAsSession session, EndReason reason, AuditActor by) =>
        session.Mark(new AuditEvent(AuditEventTypes.SessionEnded, clock.GetUtcNow(), by)) with
        {
            // Both people are on every record, also where a third one ends the session.
            Detail = by.Id == session.Staff ? EndReasons.CodeOf(reason) : DetailOf(reason, session.Agent),
            CorrelationId = session.Id,
        };

    private static string DetailOf(EndReason reason, AuditActor agent) =>
        $"{EndReasons.CodeOf(reason)}{EndReasons.Separator}{WhoseWords(agent)}";

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "The end of session {Session} couldn't be recorded; the entry follows when the trail can be written")]
    private partial void LogEndNotRecorded(Exception failure, string session);
}
