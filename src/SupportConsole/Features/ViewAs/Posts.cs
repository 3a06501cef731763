namespace SupportConsole.Features.ViewAs;

/// <summary>A post in the list, as the user sees it.</summary>
public sealed record PostSummary(
    string Id, string Title, string Author, string Status, DateTimeOffset? Created, string Excerpt, int Attachments);

/// <summary>Some posts, newest first.</summary>
/// <param name="Posts">The posts.</param>
/// <param name="Older">Where the older ones continue; null when there are none.</param>
/// <param name="ProvedAt">When PocketBase confirmed that this is the user's own view.</param>
public sealed record PostList(IReadOnlyList<PostSummary> Posts, PostCursor? Older, DateTimeOffset ProvedAt);

/// <summary>The last post of a page: where the next one continues. Holds in a list that grows meanwhile.</summary>
/// <param name="Created">Its creation as PocketBase wrote it.</param>
/// <param name="Id">Its id.</param>
public sealed record PostCursor(string Created, string Id);

/// <summary>One post, as the user sees it.</summary>
/// <param name="Summary">What the list shows too.</param>
/// <param name="Body">The body, as safe as it is shown.</param>
/// <param name="AttachmentNames">The names of the attached files.</param>
/// <param name="ProvedAt">When PocketBase confirmed that this is the user's own view.</param>
public sealed record PostDetail(
    PostSummary Summary, ShownBody Body, IReadOnlyList<string> AttachmentNames, DateTimeOffset ProvedAt);

/// <summary>What a read as the user came to; each is another sentence on the page.</summary>
public abstract record Seen<T>
{
    private Seen()
    {
    }

    /// <summary>The user sees this.</summary>
    public sealed record It(T Value) : Seen<T>;

    /// <summary>The collection is closed to everybody but superusers.</summary>
    public sealed record Locked : Seen<T>;

    /// <summary>Hidden from the user or not there at all: PocketBase tells the user no difference.</summary>
    public sealed record HiddenOrMissing : Seen<T>;
}
