using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;

namespace SupportConsole.Features.ViewAs;

/// <summary>
/// Ends what must end: expired and idle sessions, those whose sign-in is over, those of people who may no longer view, and all at the
/// console's stop.
/// </summary>
internal sealed partial class SessionWatch(
    LiveSessions sessions,
    ViewAsDesk desk,
    SessionEnds ends,
    ISignIns signIns,
    IStaffRights rights,
    StaffChangeFeed feed,
    TimeProvider clock,
    ILogger<SessionWatch> logger) : RecurringWork(TimeSpan.FromSeconds(1), clock)
{
    private IDisposable? _subscription;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = feed.Subscribe(OnStaffChangedAsync);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        _subscription?.Dispose();
        foreach (var session in sessions.All())
        {
            await TryAsync(() => ends.EndAsync(session.Id, EndReason.ConsoleStopped), CancellationToken.None);
        }

        await TryAsync(ends.RecordLateAsync, CancellationToken.None);
    }

    // What fails here is tried again in the next round; the sessions themselves refuse reads past their end by themselves.
    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        foreach (var session in sessions.All())
        {
            await TryAsync(() => SweepAsync(session, cancellationToken), cancellationToken);
        }

        await TryAsync(ends.RecordLateAsync, cancellationToken);
    }

    private async Task SweepAsync(ViewAsSession session, CancellationToken cancellationToken)
    {
        if (!session.IsOpen(Clock))
        {
            await ends.EndAsync(session.Id, EndReason.Expired);
        }
        else if (sessions.Find(session.Id) is { } live)
        {
            if (live.Idle >= desk.Policy.Idle)
            {
                await ends.EndAsync(session.Id, EndReason.Idle);
            }
            else if (await signIns.FindAsync(session.Staff, live.SignIn, cancellationToken) is null)
            {
                // The feed says this and the next at once; these catch what it couldn't say: a failed listener, another process
                // on the same file.
                await ends.EndAsync(session.Id, EndReason.SignedOut);
            }
            else
            {
                await EndIfNotAllowedAsync(session, cancellationToken);
            }
        }
    }

    private async Task EndIfNotAllowedAsync(ViewAsSession session, CancellationToken cancellationToken)
    {
        if ((await rights.FindAsync(session.Staff, cancellationToken))?.May(Duty.ViewAsUsers) != true)
        {
            await ends.EndAsync(session.Id, EndReason.RoleRevoked);
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
            await ends.EndAsync(live.Session.Id, EndReason.SignedOut);
        }
    }

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "Watching over sessions failed; trying again in a second")]
    protected override partial void LogFailed(Exception failure);
}
