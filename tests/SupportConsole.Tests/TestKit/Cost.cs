using System.Diagnostics;
using System.Globalization;

namespace SupportConsole.Tests.TestKit;

/// <summary>What an act cost.</summary>
/// <param name="Time">How long it kept a processor busy: what else the machine does meanwhile isn't its cost.</param>
/// <param name="PeakBytes">The most memory that it held at once, looked at from beside all the while; never less than it was.</param>
internal sealed record Cost(TimeSpan Time, long PeakBytes)
{
    // A heap beyond this is collected before it is believed.
    private const long Suspicious = 25_000_000;

    private const string Busyness = "/proc/thread-self/schedstat";

    public static async Task<Cost> OfAsync(Func<object> act)
    {
        var begun = Busy();
        act();
        var time = Busy() - begun;

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

    // Linux counts it for each thread, in nanoseconds, as the first number; elsewhere the clock on the wall has to do.
    private static TimeSpan Busy() => File.Exists(Busyness)
        ? TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText(Busyness).Split(' ')[0], CultureInfo.InvariantCulture) / 1000.0)
        : Stopwatch.GetElapsedTime(0);
}
