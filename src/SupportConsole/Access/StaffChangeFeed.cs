using System.Collections.Immutable;
using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>Something about a staff member changed while their windows are open.</summary>
/// <param name="Staff">Whose.</param>
/// <param name="EndedSignIn">The sign-in that ended; null when it is the roles that changed.</param>
public sealed record StaffChange(StaffId Staff, string? EndedSignIn = null);

/// <summary>Tells open windows and live sessions at once that somebody's rights changed.</summary>
public sealed partial class StaffChangeFeed(ILogger<StaffChangeFeed> logger)
{
    private ImmutableList<Subscription> _subscriptions = [];

    /// <summary>How many listen; a window that closes must bring it back down.</summary>
    public int Listeners => _subscriptions.Count;

    /// <summary>Listens until the returned object is disposed of.</summary>
    public IDisposable Subscribe(Func<StaffChange, Task> onChanged)
    {
        var subscription = new Subscription(this, onChanged);
        ImmutableInterlocked.Update(ref _subscriptions, list => list.Add(subscription));
        return subscription;
    }

    /// <summary>
    /// Tells everybody and returns when all have heard. A listener that fails doesn't keep the others from hearing: each
    /// operation asks the database anyway, so a missed message delays a locked page and never grants anything.
    /// </summary>
    public Task PublishAsync(StaffChange change) =>
        Task.WhenAll(_subscriptions.Select(async subscription =>
        {
            try
            {
                await subscription.OnChanged(change);
            }
            catch (Exception failure)
            {
                LogListenerFailed(failure, change.Staff.Value);
            }
        }));

    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "A listener failed on a change of {Staff}")]
    private partial void LogListenerFailed(Exception failure, string staff);

    private sealed record Subscription(StaffChangeFeed Feed, Func<StaffChange, Task> OnChanged) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref Feed._subscriptions, list => list.RemoveAll(s => ReferenceEquals(s, this)));
    }
}
