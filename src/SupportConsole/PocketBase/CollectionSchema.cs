namespace SupportConsole.PocketBase;

/// <summary>A collection's fields and the rules that guard it. A null rule means superusers only, an empty one everybody.</summary>
internal sealed record CollectionSchema(
    string Name, string Type, IReadOnlyList<CollectionField> Fields, string? ListRule, string? ViewRule, string? AuthRule)
{
    public bool HasField(string name) => Fields.Any(f => f.Name == name);
}

/// <summary>One field of a collection. Of a hidden one only superusers get the value.</summary>
internal sealed record CollectionField(string Name, string Type, bool Hidden);
