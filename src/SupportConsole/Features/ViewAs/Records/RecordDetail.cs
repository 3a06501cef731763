using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>One record, as the user sees it.</summary>
/// <param name="Schema">Its collection.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is called; its id where nothing says.</param>
/// <param name="Fields">Its fields in the collection's order, then those that came without being described.</param>
/// <param name="Absent">The fields that users may see in general and that didn't come with this answer.</param>
/// <param name="Related">The records that point to it.</param>
/// <param name="ProvedAt">When PocketBase confirmed that this is the user's own view.</param>
/// <param name="Notes">What the reader must know of how it is shown, in sentences.</param>
internal sealed record RecordDetail(
    CollectionSchema Schema, string Id, string Name, IReadOnlyList<RecordField> Fields, IReadOnlyList<string> Absent,
    IReadOnlyList<RelatedRecords> Related, DateTimeOffset ProvedAt, IReadOnlyList<string> Notes);

/// <summary>A field with its value.</summary>
/// <param name="Name">Its name in the app.</param>
/// <param name="Type">Its type in PocketBase; empty where the collection didn't describe it.</param>
/// <param name="Value">What it holds.</param>
internal sealed record RecordField(string Name, string Type, FieldValue Value);

/// <summary>Records of one collection that point to a record by one of its fields.</summary>
/// <param name="Collection">Their collection.</param>
/// <param name="Field">The field that points.</param>
/// <param name="Links">Those that the user sees, the first of them.</param>
/// <param name="All">Where all of them are listed.</param>
public sealed record RelatedRecords(string Collection, string Field, IReadOnlyList<RecordLink> Links, RecordsPlace All)
{
    /// <summary>How many came along besides; PocketBase brings a thousand at most.</summary>
    public int More { get; init; }
}
