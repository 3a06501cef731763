namespace SupportConsole.Features.Users;

/// <summary>The collections whose users can be searched.</summary>
/// <param name="Names">Their names, in PocketBase's own spelling.</param>
/// <param name="Misfits">What of the settings doesn't fit the app, in sentences.</param>
internal sealed record SearchableCollections(IReadOnlyList<string> Names, IReadOnlyList<string> Misfits)
{
    /// <summary>The name in PocketBase's own spelling; null for a collection that isn't among them.</summary>
    public string? Find(string? name) => Names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
}
