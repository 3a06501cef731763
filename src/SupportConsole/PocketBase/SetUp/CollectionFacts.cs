using System.Text.Json;

namespace SupportConsole.PocketBase;

/// <summary>What the set-up check must know of a collection.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="TokenLife">How long the tokens of its users live; null where nobody signs in with its records.</param>
/// <param name="ListRule">Who may list it: null for superusers alone, empty for everybody.</param>
/// <param name="Fields">The names of its fields.</param>
/// <param name="FewValued">Those of them that hold one of a few values.</param>
/// <param name="Indexes">Its indexes, as far as they are understood.</param>
internal sealed record CollectionFacts(
    string Id, string Name, TimeSpan? TokenLife, string? ListRule, IReadOnlyList<string> Fields, IReadOnlyList<string> FewValued,
    IReadOnlyList<CollectionIndex> Indexes)
{
    /// <summary>Reads a collection as PocketBase writes it.</summary>
    public static CollectionFacts From(JsonElement body)
    {
        var fields = Objects(body, "fields").Select(field => (Name: Text(field, "name") ?? "", Type: Text(field, "type") ?? "")).ToArray();
        return new CollectionFacts(
            Text(body, "id") ?? "",
            Text(body, "name") ?? "",
            Text(body, "type") == "auth" && body.TryGetProperty("authToken", out var token) && token.ValueKind == JsonValueKind.Object
                && token.TryGetProperty("duration", out var life) && life.ValueKind == JsonValueKind.Number && life.TryGetInt64(out var seconds)
                && seconds is > 0 and < int.MaxValue ? TimeSpan.FromSeconds(seconds) : null,
            Text(body, "listRule"),
            [.. fields.Select(field => field.Name)],
            [.. fields.Where(field => field.Type is "select" or "bool").Select(field => field.Name)],
            [.. Items(body, "indexes").Where(item => item.ValueKind == JsonValueKind.String).Select(item => CollectionIndex.Parse(item.GetString()!)).OfType<CollectionIndex>()]);
    }

    private static IEnumerable<JsonElement> Objects(JsonElement of, string name) => Items(of, name).Where(item => item.ValueKind == JsonValueKind.Object);

    private static JsonElement.ArrayEnumerator Items(JsonElement of, string name) =>
        of.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : default;

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
