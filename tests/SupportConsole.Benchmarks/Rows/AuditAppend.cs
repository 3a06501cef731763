using System.Diagnostics;
using System.Globalization;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>Durable appends a second, against the same disk's rate of plain durable notes.</summary>
internal sealed class AuditAppend : Row
{
    private const int Rounds = 6;
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(1.5);

    public override string Name => "audit-append";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        var folder = Places.Fresh();
        await using var stage = await ConsoleStage.StartAsync(folder);
        using var growing = new DurableFile(folder);
        using var inPlace = new DurableFile(folder, grows: false);
        var trail = stage.Get<AuditTrail>();
        var events = TrailFiller.Events(new Dice(11)).Take(2000).ToArray();
        foreach (var (callers, target) in new[] { (1, 0.9), (64, 3.0) })
        {
            var (ours, appended, written) = (new List<double>(), new List<double>(), new List<double>());
            await AppendsASecondAsync(trail, events, callers);
            NotesASecond(growing);
            NotesASecond(inPlace);
            for (var round = 0; round < Rounds; round++)
            {
                ours.Add(await AppendsASecondAsync(trail, events, callers));
                appended.Add(NotesASecond(growing));
                written.Add(NotesASecond(inPlace));
            }

            var who = callers == 1 ? "1 caller" : $"{callers} callers";
            foreach (var (floor, what) in new[] { (appended, "4 kB appended + fdatasync"), (written, "4 kB in place + fdatasync") })
            {
                var ratio = Median(ours) / Median(floor);
                yield return new Line(
                    $"audit append, {who}, against {what}", Rate(ours), Rate(floor), Line.Times(ratio), $"≥ {Line.Times(target)}", ratio >= target);
            }
        }
    }

    private static async Task<double> AppendsASecondAsync(AuditTrail trail, AuditEvent[] events, int callers)
    {
        var done = 0;
        var begun = Stopwatch.GetTimestamp();
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

    private static double NotesASecond(DurableFile floor)
    {
        var done = 0;
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < RoundLength)
        {
            floor.Append();
            done++;
        }

        return done / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);

    private static string Rate(List<double> rates) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(rates):N0}/s ({rates.Min():N0} to {rates.Max():N0})");
}
