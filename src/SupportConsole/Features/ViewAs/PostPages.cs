using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs;

/// <summary>
/// Pages through a collection by its last record and not by number: a list that grows or shrinks meanwhile neither repeats a record
/// nor leaves one out.
/// </summary>
internal static class PostPages
{
    /// <summary>Reads one page, and one record more, which tells whether there is another page without ever asking for an empty one.</summary>
    /// <param name="posts">The collection.</param>
    /// <param name="after">The last record of the page before; null for the first page.</param>
    /// <param name="length">How many records a page holds.</param>
    /// <param name="read">Reads as the user.</param>
    public static async Task<ReadOutcome<RecordPage>> ReadAsync(
        PostsCollection posts, PostCursor? after, int length, Func<RecordQuery, Task<ReadOutcome<RecordPage>>> read)
    {
        if (after is { Created: PostCursor.Untimed })
        {
            posts = posts with { Created = null };
        }

        var outcome = await ReadInOrderAsync(posts, after, length, read);

        // Where a hook of the app keeps the time from this user, a page can't say where it ends in time: then the list goes by id from the beginning.
        return after is null && outcome is ReadOutcome<RecordPage>.Found { Value.Items: var items } && AsShown(posts, items).Created != posts.Created
            ? await ReadInOrderAsync(posts with { Created = null }, after: null, length, read)
            : outcome;
    }

    /// <summary>The collection as these records show it: without a time where one of them came without the field.</summary>
    public static PostsCollection AsShown(PostsCollection posts, IReadOnlyList<PocketBaseRecord> records) =>
        posts.Created is { } created && records.Any(record => !record.Has(created)) ? posts with { Created = null } : posts;

    /// <summary>Where the page after this record begins.</summary>
    public static PostCursor CursorOf(PostsCollection posts, PocketBaseRecord last) =>
        new(posts.Created is not { } created ? "" : last.Has(created) ? last.Text(created) : PostCursor.Untimed, last.Id);

    private static async Task<ReadOutcome<RecordPage>> ReadInOrderAsync(
        PostsCollection posts, PostCursor? after, int length, Func<RecordQuery, Task<ReadOutcome<RecordPage>>> read)
    {
        var query = new RecordQuery(posts.Name) { PerPage = length + 1, Expand = ExpandOf(posts), Fields = FieldsOf(posts) };
        if (posts.Created is not { } created || !posts.Schema.IsView)
        {
            return await read(query with { Sort = posts.Sort, Filter = After(posts, after) });
        }

        // A view can have no time at all where a table has an empty one. The two sort apart and read alike, so records without a time
        // are asked for by themselves, after all others.
        var withTime = after is { Created: "" } ? null : await read(query with { Sort = posts.Sort, Filter = And($"{created} != ''", After(posts, after)) });
        if (withTime is not (null or ReadOutcome<RecordPage>.Found))
        {
            return withTime;
        }

        var found = withTime is ReadOutcome<RecordPage>.Found { Value.Items: var items } ? items : [];
        if (found.Count > length)
        {
            return withTime!;
        }

        var without = await read(query with
        {
            PerPage = length + 1 - found.Count, Sort = "-id", Filter = And($"{created} = ''", after is { Created: "" } ? BelowId(posts, after.Id) : null),
        });
        return without is ReadOutcome<RecordPage>.Found { Value.Items: var rest }
            ? new ReadOutcome<RecordPage>.Found(new RecordPage([.. found, .. rest], 1, length + 1))
            : without;
    }

    private static string? After(PostsCollection posts, PostCursor? after) => (posts.Created, after) switch
    {
        (_, null) => null,
        (null, _) => BelowId(posts, after.Id),
        ({ } created, { Created: "" }) => $"{created} = '' && {BelowId(posts, after.Id)}",
        ({ } created, _) when PocketBaseFilter.Literal(posts.Grammar, after.Created) is var time =>
            $"{created} < {time} || ({created} = {time} && {BelowId(posts, after.Id)})",
        _ => null,
    };

    // A view's id can hold anything; what can't be written is after everything, as the last page is.
    private static string BelowId(PostsCollection posts, string id) =>
        PocketBaseFilter.TryLiteral(posts.Grammar, id, out var literal) ? $"id < {literal}" : "id = ''";

    private static string And(string first, string? second) => second is null ? first : $"{first} && ({second})";

    private static string? ExpandOf(PostsCollection posts) => posts.Author is { Type: "relation" } author ? author.Name : null;

    // What the list shows, and no more: a page of whole bodies could be many megabytes.
    private static string FieldsOf(PostsCollection posts)
    {
        string?[] own = ["id", "collectionName", posts.Title, posts.Status, posts.Created, posts.Author?.Name, .. posts.Attachments, ExcerptOf(posts)];
        var authors = posts.Author is { Type: "relation" } author
            ? posts.AuthorNaming.Ways.SelectMany(way => way).Prepend("id").Distinct().Select(field => $"expand.{author.Name}.{field}")
            : [];
        return string.Join(',', own.OfType<string>().Distinct().Concat(authors));
    }

    private static string? ExcerptOf(PostsCollection posts) => posts.Body switch
    {
        { Type: "editor" } body => $"{body.Name}:excerpt({PostWords.ExcerptLength},true)",
        // The excerpt that PocketBase makes takes a text for markup too; a text of ordinary length comes whole and is cut here.
        { Type: "text", Max: <= PostWords.WholeText } body => body.Name,
        _ => null,
    };
}
