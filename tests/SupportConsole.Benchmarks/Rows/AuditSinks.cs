using System.Diagnostics;
using System.Globalization;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Shipping;
using SupportConsole.Storage;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>Durable appends a second while what bears on security goes to a webhook, against the same console without one.</summary>
internal sealed class AuditSinks : Row
{
    private const int Rounds = 8;
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(1.5);

    public override string Name => "audit-sinks";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        var (with, without) = (Places.Fresh(), Places.Fresh());
        await using var receiver = await ReceiverAsync();
        var secret = Path.Combine(with, "webhook.secret");
        await File.WriteAllTextAsync(secret, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        await using var plain = await ConsoleStage.StartAsync(without);
        await using var shipping = await ConsoleStage.StartAsync(
            with, settings: [("Audit:Webhook:Url", receiver.Urls.Single()), ("Audit:Webhook:SecretFile", secret)]);
        var events = TrailFiller.Events(new Dice(11)).Take(2000).ToArray();
        foreach (var callers in new[] { 1, 64 })
        {
            await AppendsASecondAsync(plain, events, callers);
            await AppendsASecondAsync(shipping, events, callers);
            var (ours, floor) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                // What the round before left to be sent must not fall into the time of the one without.
                await SentAsync(shipping);
                floor.Add(await AppendsASecondAsync(plain, events, callers));
                ours.Add(await AppendsASecondAsync(shipping, events, callers));
            }

            var ratio = Median(ours) / Median(floor);
            yield return new Line(
                $"audit append with a webhook, {(callers == 1 ? "1 caller" : $"{callers} callers")}, against without", Rate(ours), Rate(floor), Line.Times(ratio), $"≥ {Line.Times(0.95)}", ratio >= 0.95);
        }
    }

    private static async Task<WebApplication> ReceiverAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Urls"] = "http://127.0.0.1:0";
        var app = builder.Build();
        app.Run(_ => Task.CompletedTask);
        await app.StartAsync();
        return app;
    }

    private static async Task SentAsync(ConsoleStage stage)
    {
        var db = stage.Get<ConsoleDb>();
        while (db.Read(connection => SinkTable.OldestPosition(connection) < TrailTable.Bounds(connection).Newest, CancellationToken.None))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static async Task<double> AppendsASecondAsync(ConsoleStage stage, AuditEvent[] events, int callers)
    {
        var (trail, done, begun) = (stage.Get<AuditTrail>(), 0, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            for (var next = caller; Stopwatch.GetElapsedTime(begun) < RoundLength; next++)
            {
                await trail.AppendAsync(events[next % events.Length]);
                Interlocked.Increment(ref done);
            }
        }));
        return done / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);

    private static string Rate(List<double> rates) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(rates):N0}/s ({rates.Min():N0} to {rates.Max():N0})");
}
