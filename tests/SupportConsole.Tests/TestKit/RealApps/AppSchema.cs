using System.Globalization;
using System.Text.Json.Nodes;

namespace SupportConsole.Tests.TestKit.RealApps;

/// <summary>A collection as PocketBase describes it.</summary>
internal sealed record AppCollection(JsonObject Json)
{
    public string Id => Json["id"]!.GetValue<string>();

    public string Name => Json["name"]!.GetValue<string>();

    /// <summary><c>base</c>, <c>auth</c> or <c>view</c>.</summary>
    public string Type => Json["type"]!.GetValue<string>();

    /// <summary>Whether it is PocketBase's own.</summary>
    public bool System => Json["system"]!.GetValue<bool>();

    /// <summary>Null where only superusers may list.</summary>
    public string? ListRule => Json["listRule"]?.GetValue<string>();

    public IReadOnlyList<AppField> Fields { get; } = [.. Json["fields"]!.AsArray().Select(field => new AppField(field!.AsObject()))];

    public AppField? Field(string name) => Fields.FirstOrDefault(field => field.Name == name);

    /// <summary>All rules together, for the values they compare with.</summary>
    public string Rules => string.Join(
        '\n', new[] { "listRule", "viewRule", "createRule", "updateRule", "deleteRule", "authRule" }.Select(rule => Json[rule]?.GetValue<string>()));
}

/// <summary>A field as PocketBase describes it. An option that a type doesn't have is null.</summary>
internal sealed record AppField(JsonObject Json)
{
    public string Name => Text("name");

    public string Type => Text("type");

    public bool Required => Is("required");

    public bool Hidden => Is("hidden");

    public bool System => Is("system");

    public string Text(string option) => Json[option]?.GetValue<string>() ?? "";

    public bool Is(string option) => Json[option]?.GetValue<bool>() ?? false;

    /// <summary>A number; null where it isn't given.</summary>
    public double? Number(string option) =>
        Json[option] is JsonValue value && double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A limit for which PocketBase takes nought as "none given".</summary>
    public int Limit(string option, int otherwise) => Number(option) is { } limit && limit > 0 ? (int)Math.Min(limit, int.MaxValue) : otherwise;

    public IReadOnlyList<string> List(string option) => [.. (Json[option] as JsonArray ?? []).Select(value => value!.GetValue<string>())];
}
