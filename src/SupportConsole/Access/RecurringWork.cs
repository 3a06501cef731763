namespace SupportConsole.Access;

/// <summary>
/// What the console does over and over beside its pages: at its start, and then at every tick. Whatever fails is logged, once for each
/// kind until a round works again, so that an outage doesn't fill the log; the next round comes all the same.
/// </summary>
/// <param name="interval">From one tick to the next; those that come during a round are one.</param>
/// <param name="clock">Ticks.</param>
public abstract class RecurringWork(TimeSpan interval, TimeProvider clock) : BackgroundService
{
    private readonly HashSet<Type> _told = [];
    private bool _hasFailed;
    private long _restBegan;
    private TimeSpan _rest;

    /// <summary>What ticks.</summary>
    protected TimeProvider Clock { get; } = clock;

    /// <summary>Whether what must be done once is done.</summary>
    protected bool HasBegun { get; private set; }

    /// <summary>Whether there is another round after this one.</summary>
    protected virtual bool GoesOn => true;

    /// <summary>Begins before the rest of the console starts, unless that doesn't work at this moment.</summary>
    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryToBeginAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>What must be done once: tried at the start, and where that failed in every round until it works.</summary>
    protected virtual Task BeginAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>One round.</summary>
    protected abstract Task WorkAsync(CancellationToken cancellationToken);

    /// <summary>Writes to the log that this didn't work, and is tried again.</summary>
    protected abstract void LogFailed(Exception failure);

    /// <summary>Leaves out the rounds of some time.</summary>
    protected void RestFor(TimeSpan time) => (_rest, _restBegan) = (time, Clock.GetTimestamp());

    /// <summary>Does one step of a round, which may fail without keeping the others from being done.</summary>
    protected async Task TryAsync(Func<Task> step, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(step);
        try
        {
            await step();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The console stops; that's no failure.
        }
        catch (Exception failure)
        {
            // Whatever it was: work that isn't done for a while is no reason to take the whole console down.
            _hasFailed = true;
            if (_told.Add(failure.GetType()))
            {
                LogFailed(failure);
            }
        }
    }

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, Clock);
        do
        {
            if (Clock.GetElapsedTime(_restBegan) >= _rest)
            {
                await WorkOnceAsync(stoppingToken);
            }
        }
        while (GoesOn && await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task WorkOnceAsync(CancellationToken cancellationToken)
    {
        _hasFailed = false;
        if (!HasBegun)
        {
            await TryToBeginAsync(cancellationToken);
        }

        await TryAsync(() => WorkAsync(cancellationToken), cancellationToken);
        if (!_hasFailed)
        {
            _told.Clear();
        }
    }

    private Task TryToBeginAsync(CancellationToken cancellationToken) => TryAsync(
        async () =>
        {
            await BeginAsync(cancellationToken);
            HasBegun = true;
        },
        cancellationToken);
}
