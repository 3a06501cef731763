using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.ViewAs.Posts;

/// <summary>Reads the app's posts through a live session.</summary>
internal sealed class PostReader(SessionReads reads, KeyedHash hash, TimeProvider clock)
{
    /// <summary>How many posts a page of the list holds.</summary>
    public const int PageLength = 20;

    /// <summary>A page of the posts that the user sees, newest first where the app keeps a time.</summary>
    public async Task<ReadOutcome<PostList>> PostsAsync(CurrentStaff who, string sessionId, RecordCursor? after, CancellationToken cancellationToken)
    {
        var (staff, live) = await reads.RequireAsync(who, sessionId, cancellationToken);
        if (live.Posts is not { } posts)
        {
            return new ReadOutcome<PostList>.Missing();
        }

        var outcome = await reads.RunAsync(
            staff,
            live,
            AuditEventTypes.RecordsListed,
            new AuditTarget(posts.Name) { QueryHash = hash.Of("query", $"{posts.Order.Sort}|{after}") },
            (client, token) => RecordPages.ReadAsync(posts.Order, PostWords.Query(posts), after, PageLength, query => client.ListAsync(query, token)),
            (entry, read) => RecordPages.Listed(entry, read, PageLength),
            cancellationToken);
        return outcome.Under(posts.Schema.ListRule).Select(page => ToList(posts, page.Items));
    }

    /// <summary>One post, if the user sees it.</summary>
    public async Task<ReadOutcome<PostDetail>> PostAsync(CurrentStaff who, string sessionId, string postId, CancellationToken cancellationToken)
    {
        var (staff, live) = await reads.RequireAsync(who, sessionId, cancellationToken);
        if (live.Posts is not { } posts || !posts.Schema.MayHold(postId))
        {
            return new ReadOutcome<PostDetail>.Missing();
        }

        var shape = new RecordShape(posts.Schema, live.Collections);
        var outcome = await reads.RunAsync(
            staff,
            live,
            AuditEventTypes.RecordViewed,
            new AuditTarget(posts.Name) { RecordIds = [postId] },
            async (client, token) => (await client.ViewAsync(posts.Name, postId, shape.Expand, shape.ExpandedFields, token))
                .Select(record => PostWords.ToDetail(posts, record, shape.ToDetail(record))),
            (entry, read) => RecordPages.Viewed(entry, read.Select(post => post.Whole)),
            cancellationToken);
        return outcome.Under(posts.Schema.ViewRule).Select(post => post with { ProvedAt = clock.GetUtcNow() });
    }

    private PostList ToList(PostsCollection posts, IReadOnlyList<PocketBaseRecord> items)
    {
        var shown = items.Take(PageLength).ToArray();
        return new PostList(
            [.. shown.Select(record => PostWords.ToSummary(posts, record))],
            items.Count > PageLength ? RecordPages.CursorOf(posts.Order, shown[^1]) : null,
            clock.GetUtcNow(),
            posts.Name,
            PostWords.NotesOfList(posts, shown))
        {
            IsFollowable = !posts.Schema.IsView,
        };
    }
}
