using SupportConsole.Core;
using SupportConsole.Features.ViewAs.Bodies;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Posts;

/// <summary>Puts a record as the user got it into the words of the page. Everything comes from the user's own answer.</summary>
internal static class PostWords
{
    /// <summary>How much of a body the list shows, in characters.</summary>
    public const int ExcerptLength = 200;

    /// <summary>What stands for the author of a record that has none.</summary>
    public const string NoAuthor = "no author";

    /// <summary>What stands for the author of a record that came without the field: a hook of the app took it out for this user.</summary>
    public const string AuthorNotShown = "author not shown to this user";

    /// <summary>What the list asks for: what it shows, and no more. A page of whole bodies could be many megabytes.</summary>
    public static RecordQuery Query(PostsCollection posts)
    {
        string?[] own = ["id", "collectionName", posts.Title, posts.Status, posts.Created, posts.Author?.Name, .. posts.Attachments, ExcerptOf(posts)];
        var author = posts.Author is { Type: "relation" } ? posts.Author.Name : null;
        var authors = author is null ? [] : posts.AuthorNaming.Ways.SelectMany(way => way).Prepend("id").Distinct().Select(field => $"expand.{author}.{field}");
        return new RecordQuery(posts.Name) { Expand = author, Fields = string.Join(',', own.OfType<string>().Distinct().Concat(authors)) };
    }

    public static PostSummary ToSummary(PostsCollection posts, PocketBaseRecord record) => HeadOf(posts, record) with
    {
        Excerpt = posts.Body is { Type: "text" or "editor" } body ? Excerpt(record.Text(body.Name)) : "",
    };

    /// <param name="posts">The collection.</param>
    /// <param name="record">The record as the user got it.</param>
    /// <param name="whole">The same, laid out.</param>
    public static PostDetail ToDetail(PostsCollection posts, PocketBaseRecord record, RecordDetail whole)
    {
        string?[] shown = ["id", posts.Title, posts.Body?.Name, posts.Author?.Name, posts.Status, posts.Created, .. posts.Attachments];
        return new PostDetail(
            whole,
            HeadOf(posts, record),
            posts.Body is { } body ? ShownBody.Of(body.Type, body.Type == "json" ? record.Raw(body.Name) : record.Text(body.Name)) : null,
            [.. whole.Fields.Where(field => !shown.Contains(field.Name) && field.Value is not FieldValue.Nothing)],
            [.. posts.Attachments.SelectMany(record.Texts)],
            default,
            NotesOf(posts, posts.Schema.ViewRule));
    }

    /// <summary>What has to be said of a list of these.</summary>
    public static IReadOnlyList<string> NotesOfList(PostsCollection posts, IEnumerable<PocketBaseRecord> shown) =>
    [
        .. posts.Order.AsShown(shown).Created is null ? [RuleNotes.Untimed(posts.Name)] : Array.Empty<string>(),
        .. NotesOf(posts, posts.Schema.ListRule),
    ];

    // Without how the body begins, which beside the whole body nobody needs.
    private static PostSummary HeadOf(PostsCollection posts, PocketBaseRecord record) => new(
        record.Id,
        TitleOf(posts, record),
        AuthorOf(posts, record),
        posts.Status is { } status ? record.Text(status) : "",
        posts.Created is { } created ? record.Moment(created) : null,
        Excerpt: "",
        posts.Attachments.Sum(field => record.Texts(field).Count));

    /// <summary>What has to be said of a read under a rule.</summary>
    private static IReadOnlyList<string> NotesOf(PostsCollection posts, string? rule) =>
    [
        .. RuleNotes.Of(rule),
        .. posts.Misfits,
    ];

    private static string TitleOf(PostsCollection posts, PocketBaseRecord record) => posts.Title is { } field && record.Has(field)
        ? record.Text(field) is var title && !VisibleText.IsBlank(title) ? title : "Untitled"
        : $"Record {record.Id}";

    private static string AuthorOf(PostsCollection posts, PocketBaseRecord record)
    {
        if (posts.Author is not { } author)
        {
            return "";
        }

        if (!record.Has(author.Name))
        {
            return AuthorNotShown;
        }

        if (author.Type != "relation")
        {
            return record.Text(author.Name) is var text && !VisibleText.IsBlank(text) ? text : NoAuthor;
        }

        var visible = record.ExpandedAll(author.Name).Select(one => posts.AuthorNaming.NameOf(one.Text) is { Length: > 0 } name ? name : one.Id).ToArray();
        var hidden = record.Texts(author.Name).Count - visible.Length;
        return (visible.Length, hidden) switch
        {
            (0, <= 0) => NoAuthor,
            (0, 1) => "an author this user can't see",
            (0, _) => $"{hidden} authors this user can't see",
            (_, <= 0) => Listed(visible),
            (_, 1) => $"{string.Join(", ", visible)} and 1 author this user can't see",
            _ => $"{string.Join(", ", visible)} and {hidden} authors this user can't see",
        };
    }

    private static string Listed(string[] names) => names is [.. var first, var last] && first.Length > 0 ? $"{string.Join(", ", first)} and {last}" : names[0];

    private static string? ExcerptOf(PostsCollection posts) => posts.Body switch
    {
        { Type: "editor" } body => $"{body.Name}:excerpt({ExcerptLength},true)",
        // The excerpt that PocketBase makes takes a text for markup too; a text of ordinary length comes whole and is cut here.
        { Type: "text", IsShort: true } body => body.Name,
        _ => null,
    };

    // What PocketBase has cut already ends with three points.
    private static string Excerpt(string text) =>
        text.EndsWith("...", StringComparison.Ordinal) && text.Length <= ExcerptLength + 3 ? text : VisibleText.Shortened(text, ExcerptLength);
}
