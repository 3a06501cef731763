using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.Audit;

namespace SupportConsole.Features.ViewAs;

/// <summary>
/// Ends what must end: expired and idle sessions, those of people who may no longer view, those of users who are gone or newly
/// protected, all at the console's stop, and at its start what an earlier stop left open in the trail.
/// </summary>
internal sealed partial class SessionWatch(
    OpenSessions sessions,
    ViewAsDesk desk,
    AuditTrail trail,
    AuditReader reader,
    IStaffRights rights,
    StaffChangeFeed feed,
    TimeProvider clock,
    ILogger<SessionWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UserCheckEvery = TimeSpan.FromSeconds(60);

    private IDisposable? _subscription;
    private DateTimeOffset _nextUserCheck;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await CloseLeftOpenAsync(cancellationToken);
        await trail.AppendAsync(new AuditEvent(AuditEventTypes.SystemStarted, clock.GetUtcNow(), AuditActor.System));
        _subscription = feed.Subscribe(OnStaffChangedAsync);
        _nextUserCheck = clock.GetUtcNow() + UserCheckEvery;
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

        await TryAsync(() => trail.AppendAsync(new AuditEvent(AuditEventTypes.SystemStopped, clock.GetUtcNow(), AuditActor.System)));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryAsync(() => SweepAsync(stoppingToken));
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var session in sessions.All())
        {
            if (!session.IsOpenAt(now))
            {
                await desk.EndAsync(session.Id, EndReason.Expired);
            }
            else if (sessions.Find(session.Id) is { } live && now - live.LastRead >= desk.Policy.Idle)
            {
                await desk.EndAsync(session.Id, EndReason.Idle);
            }
        }

        await desk.RecordLateEndsAsync();
        if (now >= _nextUserCheck)
        {
            _nextUserCheck = now + UserCheckEvery;
            foreach (var session in sessions.All())
            {
                if (await desk.ReasonToEndAsync(session, cancellationToken) is { } reason)
                {
                    await desk.EndAsync(session.Id, reason);
                }
            }
        }
    }

    private async Task OnStaffChangedAsync(StaffChange change)
    {
        if (sessions.Of(change.Staff) is not { } live)
        {
            return;
        }

        if (change.EndedSignIn is not null)
        {
            await desk.EndAsync(live.Session.Id, EndReason.SignedOut);
        }
        else if ((await rights.FindAsync(change.Staff, CancellationToken.None))?.May(Duty.ViewAsUsers) != true)
        {
            await desk.EndAsync(live.Session.Id, EndReason.RoleRevoked);
        }
    }

    private async Task CloseLeftOpenAsync(CancellationToken cancellationToken)
    {
        var leftOpen = await reader.OpenSessionsAtLastStopAsync(cancellationToken);
        if (leftOpen.Count > 0)
        {
            await trail.AppendAsync([.. leftOpen.Select(opened => opened.Event with
            {
                Type = AuditEventTypes.SessionEnded,
                At = clock.GetUtcNow(),
                Actor = AuditActor.System,
                ClientAddress = null,
                Detail = EndReasons.CodeOf(EndReason.ConsoleStopped),
            })]);
        }
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
