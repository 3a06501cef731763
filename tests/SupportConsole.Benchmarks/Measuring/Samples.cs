using System.Diagnostics;

namespace SupportConsole.Benchmarks.Measuring;

/// <summary>Durations of one repeated act, in milliseconds.</summary>
internal sealed class Samples
{
    private readonly List<double> _taken = [];

    /// <summary>The value that this share of the samples doesn't exceed.</summary>
    public double Percentile(double share)
    {
        var sorted = _taken.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    public int Count => _taken.Count;

    public double P50 => Percentile(0.5);

    public double P99 => Percentile(0.99);

    /// <summary>Takes a sample.</summary>
    public async Task TakeAsync(Func<Task> act)
    {
        var begun = Stopwatch.GetTimestamp();
        await act();
        Add(Stopwatch.GetElapsedTime(begun));
    }

    public void Add(TimeSpan duration) => _taken.Add(duration.TotalMilliseconds);

    /// <summary>
    /// Measures two acts in turns, one after the other in each turn, so that whatever else the machine does meets both. The first
    /// turns only warm up.
    /// </summary>
    public static async Task<(Samples Subject, Samples Floor)> InTurnsAsync(int warmUp, int turns, Func<Task> subject, Func<Task> floor)
    {
        for (var turn = 0; turn < warmUp; turn++)
        {
            await subject();
            await floor();
        }

        // A collection that one side caused must not fall into the other's time.
        GC.Collect();
        var (ours, theirs) = (new Samples(), new Samples());
        for (var turn = 0; turn < turns; turn++)
        {
            if (turn % 2 == 0)
            {
                await ours.TakeAsync(subject);
                await theirs.TakeAsync(floor);
            }
            else
            {
                await theirs.TakeAsync(floor);
                await ours.TakeAsync(subject);
            }
        }

        return (ours, theirs);
    }
}
