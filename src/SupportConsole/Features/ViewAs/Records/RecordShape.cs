using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>What is asked of a collection for its list and for one of its records, and how the answers are laid out.</summary>
internal sealed class RecordShape
{
    private const int MostColumns = 4;

    // What tells records apart at a glance comes before what only fills the row.
    private static readonly string[] s_columnTypes = ["select", "bool", "relation", "number", "date", "text", "email", "url", "geoPoint", "autodate", "file"];

    // What PocketBase adds to each record, and what its name already says.
    private static readonly string[] s_frame = ["collectionId", "collectionName", "expand"];

    private readonly CollectionSchema _schema;
    private readonly AppCollections _collections;
    private readonly RecordNaming _naming;
    private readonly CollectionField[] _relations;
    private readonly (CollectionSchema Collection, CollectionField Field)[] _pointing;

    public RecordShape(CollectionSchema schema, AppCollections collections)
    {
        (_schema, _collections, _naming) = (schema, collections, collections.NamingOf(schema));
        _relations = [.. schema.Fields.Where(field => field is { Type: "relation", Hidden: false })];
        _pointing = [.. collections.PointingTo(schema)];
        Columns =
        [
            .. schema.Fields.Where(field => field is { Hidden: false, Name: not ("id" or "emailVisibility"), IsShort: true } && s_columnTypes.Contains(field.Type) && !field.OnUpdate && !_naming.Fields.Contains(field.Name))
                .OrderBy(field => Array.IndexOf(s_columnTypes, field.Type)).Take(MostColumns),
        ];
    }

    /// <summary>The fields that a row shows beside the record's name.</summary>
    public IReadOnlyList<CollectionField> Columns { get; }

    /// <summary>What a list brings along.</summary>
    public string? ListExpand => Joined(Columns.Where(one => one.Type == "relation").Select(one => one.Name));

    /// <summary>What a list shows, and no more: a page of whole records could be many megabytes.</summary>
    public string ListFields => string.Join(',', new[] { "id", "collectionName", _schema.CreatedField }.OfType<string>()
        .Concat(_naming.Fields).Concat(Columns.Select(one => one.Name)).Distinct()
        .Concat(Columns.Where(one => one.Type == "relation").SelectMany(FieldsOf)));

    /// <summary>What a record brings along: those it points to, and those that point to it.</summary>
    public string? Expand => Joined(_relations.Select(one => one.Name).Concat(_pointing.Select(Via)));

    /// <summary>All of a record, and of what it brings along the names.</summary>
    public string ExpandedFields => string.Join(',', _relations.SelectMany(FieldsOf).Concat(_pointing.SelectMany(from => FieldsOf(Via(from), from.Collection))).Prepend("*"));

    /// <summary>The fields that a list can be sorted by.</summary>
    public static IEnumerable<string> Sortable(CollectionSchema schema) =>
        schema.Fields.Where(one => one is { Hidden: false, Type: not ("json" or "file" or "geoPoint" or "password" or "editor") } && PocketBaseFilter.TakesName(one.Name)).Select(one => one.Name);

    /// <summary>A record as a row of the list.</summary>
    public RecordRow ToRow(PocketBaseRecord record) => new(
        record.Id, FieldValue.Called(_naming, record), [.. Columns.Select(field => FieldValue.Of(field, record, _collections))]);

    /// <summary>A record with all that came with it.</summary>
    public RecordDetail ToDetail(PocketBaseRecord record)
    {
        // A password comes as an empty text, which says nothing of whether there is one.
        var described = _schema.Fields.Where(field => field.Type != "password" && record.Has(field.Name)).ToArray();
        var others = record.FieldNames.Except(_schema.Fields.Select(field => field.Name)).Except(s_frame).Order(StringComparer.Ordinal);
        return new RecordDetail(
            _schema,
            record.Id,
            FieldValue.Called(_naming, record),
            [
                .. described.Select(field => new RecordField(field.Name, field.Type, FieldValue.Of(field, record, _collections))),
                .. others.Select(name => new RecordField(name, "", FieldValue.Untyped(name, record))),
            ],
            [.. _schema.Fields.Where(field => field is { Hidden: false, Type: not "password" } && !record.Has(field.Name)).Select(field => field.Name)],
            [.. _pointing.Select(from => RelatedBy(from, record)).Where(related => related.Links.Count > 0)],
            default,
            [.. RuleNotes.Of(_schema.ViewRule)]);
    }

    private RelatedRecords RelatedBy((CollectionSchema Collection, CollectionField Field) from, PocketBaseRecord record)
    {
        var naming = _collections.NamingOf(from.Collection);
        var all = record.ExpandedAll(Via(from));
        return new RelatedRecords(
            from.Collection.Name,
            from.Field.Name,
            [.. all.Take(RecordReader.RelatedShown).Select(one => new RecordLink(from.Collection.Name, one.Id, FieldValue.Called(naming, one)))],
            new RecordsPlace(from.Collection.Name)
            {
                Filter = PocketBaseFilter.TakesName(from.Field.Name) && PocketBaseFilter.TryLiteral(_collections.Grammar, record.Id, out var id) ? $"{from.Field.Name} ?= {id}" : null,
            })
        {
            More = all.Count - RecordReader.RelatedShown,
        };
    }

    private static string Via((CollectionSchema Collection, CollectionField Field) from) => $"{from.Collection.Name}_via_{from.Field.Name}";

    private IEnumerable<string> FieldsOf(CollectionField relation) =>
        _collections.TargetOf(relation) is { } target ? FieldsOf(relation.Name, target) : [];

    private IEnumerable<string> FieldsOf(string key, CollectionSchema target) =>
        _collections.NamingOf(target).Fields.Prepend("id").Distinct().Select(field => $"expand.{key}.{field}");

    private static string? Joined(IEnumerable<string> names) => string.Join(',', names) is { Length: > 0 } joined ? joined : null;
}
