using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>A page of a collection, as the user sees it.</summary>
/// <param name="Schema">The collection.</param>
/// <param name="Columns">The fields that the rows show beside their names.</param>
/// <param name="Rows">The records.</param>
/// <param name="Next">Where the list goes on; null when it doesn't.</param>
/// <param name="ProvedAt">When PocketBase confirmed that this is the user's own view.</param>
/// <param name="Notes">What the reader must know of how these are shown, in sentences.</param>
internal sealed record RecordList(
    CollectionSchema Schema, IReadOnlyList<CollectionField> Columns, IReadOnlyList<RecordRow> Rows, RecordsPlace? Next, DateTimeOffset ProvedAt,
    IReadOnlyList<string> Notes);

/// <summary>A record in the list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is called; its id where nothing says.</param>
/// <param name="Cells">What stands in the columns.</param>
internal sealed record RecordRow(string Id, string Name, IReadOnlyList<FieldValue> Cells);
