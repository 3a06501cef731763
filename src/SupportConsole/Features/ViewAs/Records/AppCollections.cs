using System.Collections.Concurrent;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>
/// All collections of the app, as PocketBase described them when the session opened: drawing a page asks nothing with superuser rights.
/// </summary>
internal sealed class AppCollections
{
    private readonly ConcurrentDictionary<string, RecordNaming> _namings = new(StringComparer.Ordinal);

    /// <param name="all">The collections, in any order.</param>
    /// <param name="grammar">How the server read filters at that time.</param>
    public AppCollections(IEnumerable<CollectionSchema> all, FilterGrammar grammar)
    {
        All = [.. all.OrderBy(collection => collection.System).ThenBy(collection => collection.Name, StringComparer.OrdinalIgnoreCase)];
        Grammar = grammar;
    }

    /// <summary>The app's own by their names, then PocketBase's.</summary>
    public IReadOnlyList<CollectionSchema> All { get; }

    /// <summary>How the server reads filters.</summary>
    public FilterGrammar Grammar { get; }

    /// <summary>A collection by its name, in whatever spelling, or by its id; null when there was none.</summary>
    public CollectionSchema? Find(string? nameOrId) =>
        All.FirstOrDefault(collection => collection.Name.Equals(nameOrId, StringComparison.OrdinalIgnoreCase))
        ?? All.FirstOrDefault(collection => collection.Id.Length > 0 && collection.Id.Equals(nameOrId, StringComparison.Ordinal));

    /// <summary>The collection that a relation points to; null when there was none.</summary>
    public CollectionSchema? TargetOf(CollectionField relation) => relation.CollectionId.Length == 0 ? null : Find(relation.CollectionId);

    /// <summary>What a collection's records are called by: worked out once a session, for a list asks it for each cell.</summary>
    public RecordNaming NamingOf(CollectionSchema collection) => _namings.GetOrAdd(collection.Name, _ => RecordNaming.For(collection));

    /// <summary>The relations of other collections, or of the same, that point to a collection and that users see.</summary>
    public IEnumerable<(CollectionSchema Collection, CollectionField Field)> PointingTo(CollectionSchema collection) =>
        All.SelectMany(from => from.Fields.Where(field => field is { Type: "relation", Hidden: false } && field.CollectionId == collection.Id).Select(field => (from, field)));
}
