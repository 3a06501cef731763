using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>The order in which a collection can be paged through without losing or repeating a record, also while records come and go.</summary>
/// <param name="Schema">The collection.</param>
/// <param name="Created">The field of when a record was made; null when the app keeps no time, or not for users to see.</param>
/// <param name="Grammar">How the server reads filters.</param>
internal sealed record RecordOrder(CollectionSchema Schema, string? Created, FilterGrammar Grammar)
{
    /// <summary>Newest first where users see a time; else by id.</summary>
    public string Sort => Created is { } created ? $"-{created},-id" : "-id";

    /// <summary>The order as these records show it: without a time where one of them came without the field, as a hook of the app may have it.</summary>
    public RecordOrder AsShown(IEnumerable<PocketBaseRecord> records) =>
        Created is { } created && records.Any(record => !record.Has(created)) ? this with { Created = null } : this;
}
