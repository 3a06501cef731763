using System.Collections.Immutable;

namespace SupportConsole.Access;

/// <summary>Tells whoever listens, inside this process, and waits until they have heard.</summary>
/// <typeparam name="T">What is told.</typeparam>
public abstract partial class Feed<T>(ILogger logger, TimeProvider clock)
{
    // A listener redraws a window at most; one that takes longer is stuck and must not hold up whoever tells.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private ImmutableList<Subscription> _subscriptions = [];

    /// <summary>How many listen; a window that closes must bring it back down.</summary>
    public int Listeners => _subscriptions.Count;

    /// <summary>Listens until the returned object is disposed of.</summary>
    public IDisposable Subscribe(Func<T, Task> onNews)
    {
        var subscription = new Subscription(this, onNews);
        ImmutableInterlocked.Update(ref _subscriptions, list => list.Add(subscription));
        return subscription;
    }

    /// <summary>
    /// Tells everybody and returns when all have heard. A listener that fails doesn't keep the others from hearing: each
    /// operation asks the database anyway, so a missed message delays a locked page and never grants anything.
    /// </summary>
    public Task PublishAsync(T news) =>
        Task.WhenAll(_subscriptions.Select(async subscription =>
        {
            try
            {
                await subscription.OnNews(news).WaitAsync(Patience, clock);
            }
            catch (Exception failure)
            {
                LogListenerFailed(logger, failure);
            }
        }));

    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "A listener failed or took too long")]
    private static partial void LogListenerFailed(ILogger logger, Exception failure);

    private sealed class Subscription(Feed<T> feed, Func<T, Task> onNews) : IDisposable
    {
        public Func<T, Task> OnNews { get; } = onNews;

        public void Dispose() => ImmutableInterlocked.Update(ref feed._subscriptions, list => list.Remove(this));
    }
}
