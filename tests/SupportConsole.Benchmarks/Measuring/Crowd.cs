using System.Diagnostics;

namespace SupportConsole.Benchmarks.Measuring;

/// <summary>People who do the same at once, each one turn after the other without a pause.</summary>
/// <param name="people">How many.</param>
/// <param name="turn">What somebody does, by who it is and how often it was done: from 1 on.</param>
internal sealed class Crowd(int people, Func<int, int, Task> turn)
{
    private readonly int[] _turns = new int[people];
    private TimeSpan _worked;

    public Samples Taken { get; private set; } = new();

    public double PerSecond => Taken.Count / _worked.TotalSeconds;

    /// <summary>Lets them do it for so long, and ends when everybody's last turn has.</summary>
    public async Task WorkAsync(TimeSpan time)
    {
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, people).Select(person => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(begun) < time)
            {
                var started = Stopwatch.GetTimestamp();
                await turn(person, ++_turns[person]);
                var taken = Stopwatch.GetElapsedTime(started);
                lock (_turns)
                {
                    Taken.Add(taken);
                }
            }
        })));
        _worked += Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>Forgets the times so far, which only warmed up.</summary>
    public void Forget() => (Taken, _worked) = (new(), TimeSpan.Zero);
}
