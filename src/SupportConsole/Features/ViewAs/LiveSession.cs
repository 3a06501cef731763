using SupportConsole.Core;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs;

/// <summary>A session while it lives: the only place in the console that leads to the user's token.</summary>
#pragma warning disable CA1001 // The source is cancelled at the end, which releases its timer; readers still hold its token.
internal sealed class LiveSession
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _over;
    private readonly ImpersonatedClient _client;
    private readonly TimeProvider _clock;
    private volatile Moment _lastRead;

    internal LiveSession(ViewAsSession session, string signIn, ImpersonatedClient client, AppCollections collections, PostsCollection? posts, TimeProvider clock)
    {
        _clock = clock;
        _lastRead = new Moment(session.StartedAt, session.Began);
        Session = session;
        SignIn = signIn;
        _client = client;
        Collections = collections;
        Posts = posts;
        _over = new CancellationTokenSource(session.Left(clock), clock);
        Over = _over.Token;
    }

    /// <summary>Who looks as whom, why and until when.</summary>
    public ViewAsSession Session { get; }

    /// <summary>The sign-in it was opened through, with which it ends. Its home is here: not the trail, and no page.</summary>
    internal string SignIn { get; }

    /// <summary>
    /// Cancelled when the session ends, so that a read under way ends with it: by whatever ends it, and in any case at the end of its time box,
    /// whenever the watch over sessions comes to it.
    /// </summary>
    public CancellationToken Over { get; }

    /// <summary>
    /// The collection of posts as it was when the session opened, so that drawing a page asks nothing with superuser rights; null when
    /// there was none.
    /// </summary>
    internal PostsCollection? Posts { get; }

    /// <summary>All of the app's collections, as they were when the session opened.</summary>
    internal AppCollections Collections { get; }

    /// <summary>Whether PocketBase itself refuses writes with the session's token, as far as is known now.</summary>
    public bool WritesBlockedByPocketBase => _client.IsGuarded;

    /// <summary>Reads as the user.</summary>
    internal ImpersonatedClient Client => _client;

    /// <summary>For how long nothing was read: the longer of what two clocks say, one of which nobody can set.</summary>
    public TimeSpan Idle
    {
        get
        {
            var last = _lastRead;
            var (set, unset) = (_clock.GetUtcNow() - last.At, _clock.GetElapsedTime(last.Stamp));
            return set > unset ? set : unset;
        }
    }

    /// <summary>Whether it can still be read through: it hasn't ended, and its time box holds.</summary>
    internal bool IsOpen => !Over.IsCancellationRequested && Session.IsOpen(_clock);

    /// <summary>Notes that something is read now.</summary>
    internal void Touch() => _lastRead = new Moment(_clock.GetUtcNow(), _clock.GetTimestamp());

    /// <summary>Drops the token and stops what is being read.</summary>
    internal void Close()
    {
        _client.Forget();
        _over.CancelAnyway();
    }

    private sealed record Moment(DateTimeOffset At, long Stamp);
}
