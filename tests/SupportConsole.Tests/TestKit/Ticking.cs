using Microsoft.Extensions.Time.Testing;

namespace SupportConsole.Tests.TestKit;

/// <summary>Waits for what works on a thread of its own, by the console's clock.</summary>
internal static class Ticking
{
    // By then everything that ticks has had its turns; what it does may take longer on a busy machine, and the clock goes on by its side.
    private const int QuickSeconds = 400;
    private const int LooksASlowSecond = 20;

    /// <summary>Lets the clock go on, a second a look, until it has been noticed.</summary>
    /// <param name="clock">The console's.</param>
    /// <param name="noticed">Whether it has been.</param>
    /// <param name="busy">
    /// Whether something is under way that may take only so long by that clock: it stands still meanwhile, as a busy machine needs longer for a
    /// write than this for the fifteen seconds that it may take.
    /// </param>
    public static async Task TickUntilAsync(this FakeTimeProvider clock, Func<Task<bool>> noticed, Func<bool>? busy = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        for (var looks = 0; !await noticed();)
        {
            if (busy?.Invoke() != true && (looks++ < QuickSeconds || looks % LooksASlowSecond == 0))
            {
                clock.Advance(TimeSpan.FromSeconds(1));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>The same for what can be seen without asking anybody.</summary>
    public static Task TickUntilAsync(this FakeTimeProvider clock, Func<bool> noticed, Func<bool>? busy = null) => clock.TickUntilAsync(() => Task.FromResult(noticed()), busy);
}
