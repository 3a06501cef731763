using SupportConsole.Core.ViewAs;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs;

/// <summary>A session while it lives: the only place in the console that leads to the user's token.</summary>
#pragma warning disable CA1001 // The source is cancelled at the end; readers still hold its token, and it has nothing else to release.
public sealed class LiveSession
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _over = new();
    private readonly ImpersonatedClient _client;
    private long _lastRead;

    internal LiveSession(ViewAsSession session, string signIn, ImpersonatedClient client, PostsCollection? posts)
    {
        Session = session;
        SignIn = signIn;
        _client = client;
        Posts = posts;
        Over = _over.Token;
        Touch(session.StartedAt);
    }

    /// <summary>Who looks as whom, why and until when.</summary>
    public ViewAsSession Session { get; }

    /// <summary>The sign-in it was opened through, with which it ends. Its home is here: not the trail, and no page.</summary>
    internal string SignIn { get; }

    /// <summary>Cancelled when the session ends, so that a read under way ends with it.</summary>
    public CancellationToken Over { get; }

    /// <summary>
    /// The collection of posts as it was when the session opened, so that drawing a page asks nothing with superuser rights; null when
    /// there was none.
    /// </summary>
    internal PostsCollection? Posts { get; }

    /// <summary>Reads as the user.</summary>
    internal ImpersonatedClient Client => _client;

    /// <summary>When something was last read; the idle limit counts from here.</summary>
    public DateTimeOffset LastRead => new(Interlocked.Read(ref _lastRead), TimeSpan.Zero);

    /// <summary>Notes that something is read now.</summary>
    internal void Touch(DateTimeOffset now) => Interlocked.Exchange(ref _lastRead, now.UtcTicks);

    /// <summary>Drops the token and stops what is being read.</summary>
    internal void Close()
    {
        _client.Forget();
        _over.Cancel();
    }
}
