using System.Text.Json;

namespace SupportConsole.PocketBase;

/// <summary>A collection's fields and the rules that guard it. A null rule means superusers only, an empty one everybody.</summary>
internal sealed record CollectionSchema(
    string Name, string Type, IReadOnlyList<CollectionField> Fields, string? ListRule, string? ViewRule, string? CreateRule, string? UpdateRule,
    string? DeleteRule, string? AuthRule)
{
    /// <summary>Whether PocketBase itself made it and keeps it.</summary>
    public bool System { get; private init; }

    /// <summary>The rules that guard reading and writing.</summary>
    public IEnumerable<string?> Rules => [ListRule, ViewRule, CreateRule, UpdateRule, DeleteRule];

    public bool HasField(string name) => Fields.Any(f => f.Name == name);

    /// <summary>Reads a collection as PocketBase writes it.</summary>
    /// <exception cref="PocketBaseProblem">It isn't one.</exception>
    public static CollectionSchema From(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || Text(body, "name") is not { } name || Text(body, "type") is not { } type
            || !body.TryGetProperty("fields", out var fields) || fields.ValueKind != JsonValueKind.Array)
        {
            throw PocketBaseProblem.NotPocketBase();
        }

        return new CollectionSchema(
            name,
            type,
            [.. fields.EnumerateArray().Where(f => f.ValueKind == JsonValueKind.Object).Select(f => new CollectionField(
                Text(f, "name") ?? "", Text(f, "type") ?? "", Flag(f, "hidden"),
                Flag(f, "required") && Text(f, "autogeneratePattern") is null or ""))],
            Text(body, "listRule"),
            Text(body, "viewRule"),
            Text(body, "createRule"),
            Text(body, "updateRule"),
            Text(body, "deleteRule"),
            Text(body, "authRule"))
        { System = Flag(body, "system") };

        static string? Text(JsonElement of, string name) =>
            of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        static bool Flag(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
    }
}

/// <summary>One field of a collection. Of a hidden one only superusers get the value; a required one may not be empty and isn't filled in by PocketBase itself.</summary>
internal sealed record CollectionField(string Name, string Type, bool Hidden, bool Required);
