using SupportConsole.Features.ViewAs.Bodies;
using SupportConsole.Features.ViewAs.Records;

namespace SupportConsole.Features.ViewAs.Posts;

/// <summary>One post, as the user sees it.</summary>
/// <param name="Whole">The record, with all that came with it.</param>
/// <param name="Summary">What the list shows too.</param>
/// <param name="Body">The body, as safe as it is shown; null where the collection has no field for one.</param>
/// <param name="Fields">The other fields that hold something, in the collection's order.</param>
/// <param name="AttachmentNames">The names of the attached files.</param>
/// <param name="ProvedAt">When PocketBase confirmed that this is the user's own view.</param>
/// <param name="Notes">What the reader must know of how it is shown, in sentences.</param>
internal sealed record PostDetail(
    RecordDetail Whole, PostSummary Summary, ShownBody? Body, IReadOnlyList<RecordField> Fields, IReadOnlyList<string> AttachmentNames,
    DateTimeOffset ProvedAt, IReadOnlyList<string> Notes);
