namespace SupportConsole.PocketBase;

/// <summary>What the setting came to.</summary>
/// <param name="Fitting">The collections that may be searched and viewed as.</param>
/// <param name="Misfits">A sentence about each entry that is something else or isn't there.</param>
internal sealed record LearntCollections(IReadOnlyList<UserCollection> Fitting, IReadOnlyList<string> Misfits)
{
    /// <summary>The collection of this name, in whatever spelling, or of this id; null when it isn't among them.</summary>
    public UserCollection? Find(string? name) => Fitting.FirstOrDefault(collection =>
        collection.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || collection.Schema.Id.Equals(name, StringComparison.Ordinal));
}
