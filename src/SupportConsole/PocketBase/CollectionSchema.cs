using System.Text.Json;
using System.Text.RegularExpressions;
using SupportConsole.Core;
using SupportConsole.Core.Users;

namespace SupportConsole.PocketBase;

/// <summary>A collection's fields and the rules that guard it. A null rule means superusers only, an empty one everybody.</summary>
internal sealed partial record CollectionSchema(
    string Name, string Type, IReadOnlyList<CollectionField> Fields, string? ListRule, string? ViewRule, string? CreateRule, string? UpdateRule,
    string? DeleteRule, string? AuthRule)
{
    /// <summary>The collection's own id, which outlives a new name.</summary>
    public string Id { get; private init; } = "";

    /// <summary>Whether PocketBase itself made it and keeps it.</summary>
    public bool System { get; private init; }

    /// <summary>Whether its records are users who can sign in.</summary>
    public bool IsAuth => Type == "auth";

    /// <summary>Whether it is a query over others, without rows of its own.</summary>
    public bool IsView => Type == "view";

    // A view's ids are what its query makes of them, whatever its field says.
    private TextPattern Ids { get; init; } = TextPattern.Anything;

    /// <summary>The rules that guard reading and writing.</summary>
    public IEnumerable<string?> Rules => [ListRule, ViewRule, CreateRule, UpdateRule, DeleteRule];

    /// <summary>Whether a record of the collection can have this id, by the collection's own pattern.</summary>
    public bool TakesId(string id) => AppUserId.IsRecordId(id) && Ids.Fits(id);

    /// <summary>
    /// Whether it is worth asking for a record of this id: a table's ids obey PocketBase's rule for all ids; a view's obey none, but no id
    /// is longer than what an address carries.
    /// </summary>
    public bool MayHold(string id) =>
        IsView ? id.Length is > 0 and <= AppUserId.MaximumRecordLength && !id.Contains('\0', StringComparison.Ordinal) : AppUserId.IsRecordId(id);

    public bool HasField(string name) => Fields.Any(f => f.Name == name);

    /// <summary>
    /// The field that says when a record was made: <c>created</c>, or one that PocketBase fills in at the beginning alone. Null where
    /// users don't see one. Dates that people type say something else.
    /// </summary>
    public string? CreatedField => Fields
        .Where(known => !known.Hidden && PocketBaseFilter.TakesName(known.Name) && (known.Type == "autodate" ? (known.OnCreate && !known.OnUpdate) || known.Name == "created" : known is { Name: "created", Type: "date" }))
        .OrderByDescending(known => known.Name == "created")
        .FirstOrDefault()?.Name;

    /// <summary>Reads a collection as PocketBase writes it.</summary>
    /// <exception cref="PocketBaseProblem">It isn't one.</exception>
    public static CollectionSchema From(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || Text(body, "name") is not { } name || Text(body, "type") is not { } type
            || !body.TryGetProperty("fields", out var fields) || fields.ValueKind != JsonValueKind.Array)
        {
            throw PocketBaseProblem.NotPocketBase();
        }

        var described = fields.EnumerateArray().Where(f => f.ValueKind == JsonValueKind.Object).ToArray();
        var id = described.FirstOrDefault(field => Text(field, "name") == "id");
        var unique = Texts(body, "indexes").Where(index => UniqueIndex().IsMatch(index)).SelectMany(index => Words().Matches(index[index.IndexOf('(', StringComparison.Ordinal)..]))
            .Select(word => word.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new CollectionSchema(
            name,
            type,
            [.. described.Select(f => new CollectionField(
                Text(f, "name") ?? "", Text(f, "type") ?? "", Flag(f, "hidden"),
                Flag(f, "required") && Text(f, "autogeneratePattern") is null or "")
            {
                Presentable = Flag(f, "presentable"), Protected = Flag(f, "protected"), OnCreate = Flag(f, "onCreate"), OnUpdate = Flag(f, "onUpdate"),
                CollectionId = Text(f, "collectionId") ?? "", Many = Number(f, "maxSelect") > 1,
                Min = Number(f, "min"), Max = Number(f, "max"), Pattern = Text(f, "pattern") ?? "", Generated = Text(f, "autogeneratePattern") ?? "",
                OnlyDomains = f.TryGetProperty("onlyDomains", out var domains) && domains.ValueKind == JsonValueKind.Array && domains.GetArrayLength() > 0,
                Choices = [.. Texts(f, "values")], Fewest = Number(f, "minSelect"), Most = Number(f, "maxSelect"),
                Smallest = Decimal(f, "min"), Largest = Decimal(f, "max"), OnlyWhole = Flag(f, "onlyInt"),
                Earliest = Text(f, "min") ?? "", Latest = Text(f, "max") ?? "", Unique = unique.Contains(Text(f, "name") ?? ""),
            })],
            Text(body, "listRule"),
            Text(body, "viewRule"),
            Text(body, "createRule"),
            Text(body, "updateRule"),
            Text(body, "deleteRule"),
            Text(body, "authRule"))
        {
            Id = Text(body, "id") ?? "",
            System = Flag(body, "system"),
            Ids = type == "view" || id.ValueKind != JsonValueKind.Object
                ? TextPattern.Anything
                : TextPattern.Of(Text(id, "pattern") ?? "", Number(id, "min"), Number(id, "max")),
        };

        static string? Text(JsonElement of, string name) =>
            of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        static IEnumerable<string> Texts(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)
            : [];

        static double? Decimal(JsonElement of, string name) =>
            of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null;

        static bool Flag(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

        static int Number(JsonElement of, string name) =>
            of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;
    }

    [GeneratedRegex(@"^\s*CREATE\s+UNIQUE\s[^(]*\(", RegexOptions.IgnoreCase)]
    private static partial Regex UniqueIndex();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
