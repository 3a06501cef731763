using Microsoft.Extensions.Hosting;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Hosting;

[Collection(DemoApp.Name)]
public sealed class LifetimeTests(DemoServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_and_stop_are_the_first_and_the_last_of_a_run()
    {
        await using var console = await ConsoleServices.StartAsync(server);
        var works = console.Get<IEnumerable<IHostedService>>().OfType<RecurringWork>().ToList();
        foreach (var work in works)
        {
            await work.StartAsync(Token);
        }

        await console.OpenAsync(User("u8k2m1c0a3l9x7q"));
        for (var time = 0; time < 2; time++)
        {
            await Assert.ThrowsAsync<DutyRefusedException>(() => console.As(Agent).DemandAsync(Duty.ReadAudit, Token));
        }

        foreach (var work in works.AsEnumerable().Reverse())
        {
            await work.StopAsync(Token);
        }

        var types = await console.TypesAsync();
        Assert.Equal(AuditEventTypes.SystemStarted, types[0]);
        Assert.Equal([AuditEventTypes.SessionEnded, AuditEventTypes.PolicyDenied, AuditEventTypes.SystemStopped], types[^3..]);
    }

    [Fact]
    public async Task A_start_closes_what_a_crash_left_open_and_only_that()
    {
        await using var file = new SqliteFile();
        ViewAsSession left, ended;
        await using (var crashed = await ConsoleServices.StartAsync(server, file))
        {
            ended = await crashed.OpenAsync(User("p0d9s8f7g6h5j4k"));
            await crashed.Desk.EndAsync(crashed.As(Agent), ended.Id, Token);
            left = await crashed.OpenAsync(User("u8k2m1c0a3l9x7q"));
        }

        await using var next = await ConsoleServices.StartAsync(server, file);
        await next.Lifetime.StartAsync(Token);

        var closing = (await next.EventsAsync(left.Id))[^1];
        Assert.Equal((AuditEventTypes.SessionEnded, EndReason.ConsoleStopped, StaffId.System), (closing.Type, EndReasons.Parse(closing.Detail), closing.Actor.Id));
        Assert.Contains("Mia Chen", closing.Detail, StringComparison.Ordinal);
        Assert.Equal(("Ada Lovelace", "SUP-12"), (closing.Subject?.Name, closing.Ticket));
        Assert.Single(await next.TypesAsync(ended.Id), type => type == AuditEventTypes.SessionEnded);
        var history = await next.Get<SessionHistory>().FindAsync(next.As(Agent), left.Id, Token);
        Assert.Equal(EndReason.ConsoleStopped, history?.Reason);
    }

    [Fact]
    public async Task A_start_that_the_trail_takes_late_closes_none_of_the_sessions_of_its_own_run()
    {
        await using var file = new SqliteFile();
        ViewAsSession left;
        await using (var crashed = await ConsoleServices.StartAsync(server, file))
        {
            left = await crashed.OpenAsync(User("u8k2m1c0a3l9x7q"));
        }

        await using var next = await ConsoleServices.StartAsync(server, file);
        var own = await next.OpenAsync(User("u8k2m1c0a3l9x7q"), OtherAgent);
        using (next.LockTrail())
        {
            await next.Lifetime.StartAsync(Token);
        }

        await next.Clock.TickUntilAsync(async () => (await next.TypesAsync()).Contains(AuditEventTypes.SystemStarted));
        await next.Lifetime.StopAsync(Token);

        Assert.Contains(AuditEventTypes.SessionEnded, await next.TypesAsync(left.Id));
        Assert.DoesNotContain(AuditEventTypes.SessionEnded, await next.TypesAsync(own.Id));
        Assert.Single(await next.TypesAsync(), AuditEventTypes.SystemStarted);
    }
}
