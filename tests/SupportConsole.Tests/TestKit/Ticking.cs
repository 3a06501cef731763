using Microsoft.Extensions.Time.Testing;

namespace SupportConsole.Tests.TestKit;

/// <summary>Waits for what works on a thread of its own, by the console's clock.</summary>
internal static class Ticking
{
    // By then everything that ticks has had its turns; what it does may take longer on a busy machine.
    private const int MostSeconds = 400;

    /// <summary>Lets the clock go on, a second a look, until it has been noticed.</summary>
    public static async Task TickUntilAsync(this FakeTimeProvider clock, Func<Task<bool>> noticed)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        for (var second = 0; !await noticed(); second++)
        {
            if (second < MostSeconds)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>The same for what can be seen without asking anybody.</summary>
    public static Task TickUntilAsync(this FakeTimeProvider clock, Func<bool> noticed) => clock.TickUntilAsync(() => Task.FromResult(noticed()));
}
