namespace SupportConsole.Storage;

/// <summary>
/// Work on files that may lie on what doesn't answer, as a share whose server is gone. Nothing ends an access that hangs: it is left alone, and as
/// long as it hangs no other is begun, so that it costs one thread and not one a try. Used by one caller at a time.
/// </summary>
internal sealed class FilesThatMayHang(TimeProvider clock)
{
    /// <summary>How long the console's stop waits for what is under way: a line that is being written is better ended than cut.</summary>
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(1);

    /// <summary>The newest work, which may never come back.</summary>
    private Task _work = Task.CompletedTask;

    /// <summary>How long work is waited for.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(15);

    /// <summary>What is the matter while something hangs, as the end of a sentence.</summary>
    public static string Words { get; } = $"hasn't come back within {Limit.TotalSeconds:0} seconds: what it lies on doesn't answer";

    /// <summary>Whether the newest work hasn't come back.</summary>
    public bool Hang => !_work.IsCompleted;

    /// <summary>Whether the newest work, late or not, came to a good end.</summary>
    public bool CameBackWell => _work.IsCompletedSuccessfully;

    /// <summary>Lets a test hold work up.</summary>
    internal Action? Beginning { get; set; }

    /// <summary>Does work, unless what was done before hangs.</summary>
    /// <exception cref="TimeoutException">It hangs, or what was done before does; then this wasn't begun.</exception>
    /// <exception cref="OperationCanceledException">The console stops, and it hasn't come back in the moment that is left.</exception>
    public async Task DoAsync(Action work, CancellationToken stopping)
    {
        if (Hang)
        {
            throw new TimeoutException(Words);
        }

        _work = Task.Run(
            () =>
            {
                Beginning?.Invoke();
                work();
            },
            CancellationToken.None);
        try
        {
            await _work.WaitAsync(Limit, clock, stopping);
        }
        catch (TimeoutException) when (Hang)
        {
            throw new TimeoutException(Words);
        }
        catch (OperationCanceledException)
        {
            // By the machine's clock, as the stop is.
            await Task.WhenAny(_work, Task.Delay(s_stopLimit, TimeProvider.System, CancellationToken.None));
            if (Hang)
            {
                throw;
            }

            await _work;
        }
    }
}
