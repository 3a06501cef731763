namespace SupportConsole.Features.ViewAs;

/// <summary>One post, as the user sees it.</summary>
/// <param name="Collection">The collection of the posts.</param>
/// <param name="Summary">What the list shows too.</param>
/// <param name="Body">The body, as safe as it is shown; null where the collection has no field for one.</param>
/// <param name="Fields">The other fields that the user sees and that hold something, in the collection's order.</param>
/// <param name="AttachmentNames">The names of the attached files.</param>
/// <param name="ProvedAt">When PocketBase confirmed that this is the user's own view.</param>
/// <param name="Notes">What the reader must know of how it is shown, in sentences.</param>
internal sealed record PostDetail(
    string Collection, PostSummary Summary, ShownBody? Body, IReadOnlyList<PostField> Fields, IReadOnlyList<string> AttachmentNames, DateTimeOffset ProvedAt,
    IReadOnlyList<string> Notes);

/// <summary>A field of a post that is neither its title nor its body.</summary>
/// <param name="Name">Its name in the app.</param>
/// <param name="Value">Its value.</param>
internal sealed record PostField(string Name, ShownBody Value);
