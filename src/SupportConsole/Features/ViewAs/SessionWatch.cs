using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.Audit;

namespace SupportConsole.Features.ViewAs;

/// <summary>
/// Ends what must end: expired and idle sessions, those whose sign-in is over, those of people who may no longer view, those of
/// users who are gone or newly protected, all at the console's stop, and at its start what an earlier stop left open in the trail.
/// </summary>
internal sealed partial class SessionWatch(
    LiveSessions sessions,
    ViewAsDesk desk,
    AuditTrail trail,
    AuditReader reader,
    ISignIns signIns,
    IStaffRights rights,
    StaffChangeFeed feed,
    TimeProvider clock,
    ILogger<SessionWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UserCheckEvery = TimeSpan.FromSeconds(60);

    private IDisposable? _subscription;
    private DateTimeOffset _startedAt;
    private bool _begun;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _startedAt = clock.GetUtcNow();
        await TryAsync(() => BeginAsync(late: false, cancellationToken));
        _subscription = feed.Subscribe(OnStaffChangedAsync);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        _subscription?.Dispose();
        foreach (var session in sessions.All())
        {
            await desk.EndAsync(session.Id, EndReason.ConsoleStopped);
        }

        await TryAsync(desk.RecordLateEndsAsync);
        await TryAsync(() => trail.AppendAsync(new AuditEvent(AuditEventTypes.SystemStopped, clock.GetUtcNow(), AuditActor.System)));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var users = WatchUsersAsync(stoppingToken);
        using var timer = new PeriodicTimer(Tick, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!_begun)
            {
                await TryAsync(() => BeginAsync(late: true, stoppingToken));
            }

            foreach (var session in sessions.All())
            {
                await TryAsync(() => SweepAsync(session, stoppingToken));
            }

            await TryAsync(desk.RecordLateEndsAsync);
        }

        await users;
    }

    private async Task SweepAsync(ViewAsSession session, CancellationToken cancellationToken)
    {
        if (!session.IsOpen(clock))
        {
            await desk.EndAsync(session.Id, EndReason.Expired);
        }
        else if (sessions.Find(session.Id) is { } live)
        {
            if (live.Idle >= desk.Policy.Idle)
            {
                await desk.EndAsync(session.Id, EndReason.Idle);
            }
            else if (await signIns.FindAsync(session.Staff, live.SignIn, cancellationToken) is null)
            {
                // The feed says this and the next at once; these catch what it couldn't say: a failed listener, another process
                // on the same file.
                await desk.EndAsync(session.Id, EndReason.SignedOut);
            }
            else
            {
                await EndIfNotAllowedAsync(session, cancellationToken);
            }
        }
    }

    // In a loop of its own: a PocketBase that doesn't answer must not hold up the time box.
    private async Task WatchUsersAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(UserCheckEvery, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var session in sessions.All())
            {
                await TryAsync(async () =>
                {
                    if (await desk.ReasonToEndAsync(session, cancellationToken) is { } reason)
                    {
                        await desk.EndAsync(session.Id, reason);
                    }
                });
            }
        }
    }

    private async Task EndIfNotAllowedAsync(ViewAsSession session, CancellationToken cancellationToken)
    {
        if ((await rights.FindAsync(session.Staff, cancellationToken))?.May(Duty.ViewAsUsers) != true)
        {
            await desk.EndAsync(session.Id, EndReason.RoleRevoked);
        }
    }

    private async Task OnStaffChangedAsync(StaffChange change)
    {
        if (sessions.Of(change.Staff) is not { } live)
        {
            return;
        }

        if (change.EndedSignIn is null)
        {
            await EndIfNotAllowedAsync(live.Session, CancellationToken.None);
        }
        else if (change.EndedSignIn == live.SignIn)
        {
            // Another sign-in of the same person, in another browser, takes its own windows along and nothing else.
            await desk.EndAsync(live.Session.Id, EndReason.SignedOut);
        }
    }

    // A database that is locked while the console starts may be free a moment later. By then sessions may have been opened that go on.
    private async Task BeginAsync(bool late, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var leftOpen = (await reader.OpenSessionsAtLastStopAsync(cancellationToken))
            .Where(opened => !opened.IsDamaged && (!late || opened.Event.At < _startedAt));
        await trail.AppendAsync(
            [
                .. leftOpen.Select(opened => opened.Event with
                {
                    Type = AuditEventTypes.SessionEnded,
                    At = now,
                    Actor = AuditActor.System,
                    ClientAddress = null,
                    Detail = $"{EndReasons.CodeOf(EndReason.ConsoleStopped)}{EndReasons.Separator}session of {opened.Event.Actor.Name} ({opened.Event.Actor.Id})",
                }),
                new AuditEvent(AuditEventTypes.SystemStarted, now, AuditActor.System),
            ]);
        _begun = true;
    }

    // What fails here is tried again at the next tick; the sessions themselves refuse reads past their end by themselves.
    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (ExplainedException failure)
        {
            LogSweepFailed(failure);
        }
    }

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "Watching over sessions failed; trying again in a second")]
    private partial void LogSweepFailed(Exception failure);
}
