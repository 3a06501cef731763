using System.Diagnostics;

namespace SupportConsole.Tests.TestKit;

/// <summary>What an act cost.</summary>
/// <param name="Time">How long it took.</param>
/// <param name="PeakBytes">The most memory that it held at once, looked at from beside all the while; never less than it was.</param>
internal sealed record Cost(TimeSpan Time, long PeakBytes)
{
    // A heap beyond this is collected before it is believed.
    private const long Suspicious = 25_000_000;

    public static async Task<Cost> OfAsync(Func<object> act)
    {
        // The best of three: a machine that does something else for a moment is not what is measured.
        var time = TimeSpan.MaxValue;
        for (var run = 0; run < 3; run++)
        {
            var begun = Stopwatch.GetTimestamp();
            act();
            time = TimeSpan.FromTicks(Math.Min(time.Ticks, Stopwatch.GetElapsedTime(begun).Ticks));
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        long most = 0;
        using var over = new CancellationTokenSource();
        var watching = Task.Factory.StartNew(
            () =>
            {
                while (!over.IsCancellationRequested)
                {
                    var now = GC.GetTotalMemory(forceFullCollection: false);
                    if (now > Math.Max(most, before + Suspicious))
                    {
                        GC.Collect();
                        now = GC.GetTotalMemory(forceFullCollection: false);
                    }

                    most = Math.Max(most, now);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        act();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        await over.CancelAsync();
        await watching;

        // What was allocated in all bounds it from above too, whatever others did meanwhile.
        return new Cost(time, Math.Min(allocated, Math.Max(0, most - before)));
    }
}
