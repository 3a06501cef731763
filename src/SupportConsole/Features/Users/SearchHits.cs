using SupportConsole.PocketBase;

namespace SupportConsole.Features.Users;

/// <summary>What a search came to.</summary>
/// <param name="Users">The collection that was searched.</param>
/// <param name="Page">The records found.</param>
/// <param name="Searched">The fields that were looked into.</param>
internal sealed record SearchHits(UserCollection Users, RecordPage Page, IReadOnlyList<string> Searched)
{
    /// <summary>Whether a next page may hold something.</summary>
    public bool MayHaveMore { get; init; } = Page.MayHaveMore;
}
