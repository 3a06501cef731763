using SupportConsole.Features.ViewAs.Records;

namespace SupportConsole.Features.ViewAs.Posts;

/// <summary>Some posts, in the order of the list.</summary>
/// <param name="Posts">The posts.</param>
/// <param name="Older">Where the list goes on; null when it doesn't.</param>
/// <param name="ProvedAt">When PocketBase confirmed that this is the user's own view.</param>
/// <param name="Collection">The collection, in PocketBase's own spelling.</param>
/// <param name="Notes">What the reader must know of how these are shown, in sentences.</param>
internal sealed record PostList(
    IReadOnlyList<PostSummary> Posts, RecordCursor? Older, DateTimeOffset ProvedAt, string Collection, IReadOnlyList<string> Notes)
{
    /// <summary>Whether PocketBase announces what changes: not of a view's rows.</summary>
    public bool IsFollowable { get; init; }
}
