namespace SupportConsole.Features.ViewAs;

/// <summary>A post in the list, as the user sees it.</summary>
/// <param name="Id">Its id, of whatever form.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Author">Who made it, in words; empty where the app doesn't say.</param>
/// <param name="Status">Its state in the app's own word; may be empty.</param>
/// <param name="Created">When it was made; null where the app keeps no time, or not for users to see.</param>
/// <param name="Excerpt">How its body begins; may be empty.</param>
/// <param name="Attachments">How many files it has.</param>
internal sealed record PostSummary(
    string Id, string Title, string Author, string Status, DateTimeOffset? Created, string Excerpt, int Attachments);

/// <summary>Some posts, in the order of the list.</summary>
/// <param name="Posts">The posts.</param>
/// <param name="Older">Where the list goes on; null when it doesn't.</param>
/// <param name="ProvedAt">When PocketBase confirmed that this is the user's own view.</param>
/// <param name="Collection">The collection, in PocketBase's own spelling.</param>
/// <param name="Notes">What the reader must know of how these are shown, in sentences.</param>
internal sealed record PostList(
    IReadOnlyList<PostSummary> Posts, PostCursor? Older, DateTimeOffset ProvedAt, string Collection, IReadOnlyList<string> Notes);

/// <summary>The last post of a page: where the next one continues. Holds in a list that grows meanwhile.</summary>
/// <param name="Created">Its creation as PocketBase wrote it; empty where there is none.</param>
/// <param name="Id">Its id.</param>
internal sealed record PostCursor(string Created, string Id)
{
    /// <summary>Stands for a time that the app doesn't show to the user: the list goes on by id alone.</summary>
    public const string Untimed = "-";

    // Stands in no time of PocketBase's.
    private const char Between = '~';

    /// <summary>As a part of an address.</summary>
    public override string ToString() => $"{Created}{Between}{Id}";

    /// <summary>Reads a part of an address; null for what is none, which is the first page.</summary>
    public static PostCursor? Parse(string? text) => text?.Split(Between, 2) is [var created, { Length: > 0 } id]
        && created.All(c => char.IsAsciiDigit(c) || c is ' ' or '-' or ':' or '.' or 'Z' or 'T') ? new PostCursor(created, id) : null;
}

/// <summary>One post, as the user sees it.</summary>
/// <param name="Summary">What the list shows too.</param>
/// <param name="Body">The body, as safe as it is shown; null where the collection has no field for one.</param>
/// <param name="Fields">The other fields that the user sees and that hold something, in the collection's order.</param>
/// <param name="AttachmentNames">The names of the attached files.</param>
/// <param name="ProvedAt">When PocketBase confirmed that this is the user's own view.</param>
/// <param name="Notes">What the reader must know of how it is shown, in sentences.</param>
internal sealed record PostDetail(
    PostSummary Summary, ShownBody? Body, IReadOnlyList<PostField> Fields, IReadOnlyList<string> AttachmentNames, DateTimeOffset ProvedAt,
    IReadOnlyList<string> Notes);

/// <summary>A field of a post that is neither its title nor its body.</summary>
/// <param name="Name">Its name in the app.</param>
/// <param name="Value">Its value.</param>
internal sealed record PostField(string Name, ShownBody Value);
