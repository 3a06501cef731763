using Bunit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Shipping;
using SupportConsole.Hosting;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Audit.Shipping;

/// <summary>What the audit page and readiness say of sinks.</summary>
public sealed class SinkStateTests() : WindowContext(Admin, null, ("Audit:Webhook:Url", "https://hooks.corp.test/T0/hush?token=hush"), ("Audit:Webhook:SecretFile", Secret), ("Audit:Webhook:Events:0", "role.*"))
{
    // The same for every test, and nobody's.
    private static readonly string Secret = MakeSecret();

    [Fact]
    public async Task A_dead_sink_is_named_with_how_long_and_how_much_and_readiness_is_degraded()
    {
        var healthy = await HealthAsync();
        Assert.Equal(HealthStatus.Healthy, healthy.Status);
        var since = Console.Clock.GetUtcNow();
        await SetAsync("it answered with status 500", since);
        await Console.Get<AuditTrail>().AppendAsync([.. Enumerable.Range(0, 1204).Select(_ => new AuditEvent(AuditEventTypes.RoleGranted, since, AuditActor.System))]);
        await Console.Get<AuditTrail>().AppendAsync(new AuditEvent(AuditEventTypes.UsersSearched, since, AuditActor.System));
        Console.Clock.Advance(TimeSpan.FromHours(3));

        var state = await ShowAsync();

        Assert.Equal("The webhook to hooks.corp.test hasn't taken anything for 3 hours; 1,204 events wait: it answered with status 500.", state.Find(".note").TextContent);
        var health = await HealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Equal($"The webhook to hooks.corp.test hasn't taken any event of the audit trail since {since:yyyy-MM-dd HH:mm} UTC: it answered with status 500.", health.Description);
        Assert.DoesNotContain("hush", state.Markup + health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_has_everything_says_so_quietly()
    {
        var newest = await SetAsync(null, Console.Clock.GetUtcNow());

        Assert.Equal($"The webhook to hooks.corp.test has everything up to event {newest}.", (await ShowAsync()).Find(".quiet").TextContent);
    }

    [Theory]
    [InlineData(0, false, "It has everything up to event 1,000.")]
    [InlineData(1, false, "It is at event 1,000; 1 event waits.")]
    [InlineData(49_000, true, "It is at event 1,000; more than 49,000 events wait.")]
    public void What_waits_is_said(int waiting, bool isMore, string says) =>
        Assert.Equal(says, SinkWords.Of(new SinkStanding("It", 1000, waiting, isMore, null, null), default));

    private async Task<IRenderedComponent<SinkState>> ShowAsync()
    {
        var state = Render<SinkState>();
        await state.WaitForStateAsync(() => state.FindAll("p").Count > 0);
        return state;
    }

    private async Task<HealthCheckResult> HealthAsync()
    {
        Console.Clock.Advance(TimeSpan.FromSeconds(1));
        return await new SinkHealth(Console.Get<SinkDesk>(), Console.Clock).CheckHealthAsync(new HealthCheckContext(), Xunit.TestContext.Current.CancellationToken);
    }

    /// <summary>Writes down where the sink is: at the trail's end.</summary>
    private async Task<long> SetAsync(string? fault, DateTimeOffset since)
    {
        await Console.Get<AuditTrail>().AppendAsync(new AuditEvent(AuditEventTypes.UsersSearched, since, AuditActor.System));
        using var connection = Console.File.Connect();
        SinkTable.Configure(connection, [.. Console.Get<IEnumerable<IEventSink>>().Where(sink => sink.IsConfigured)]);
        var newest = TrailTable.Bounds(connection).Newest;
        SinkTable.Set(connection, "webhook", newest, fault, since);
        return newest;
    }

    private static string MakeSecret()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, ShippedTrail.Secret);
        return file;
    }
}
