using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>Where in a collection somebody looks: what narrows it, its order and the page. All of it stands in the address.</summary>
/// <param name="Collection">The collection, as the address names it.</param>
public sealed record RecordsPlace(string Collection)
{
    // Beyond it PocketBase counts no further (its page number times the page's length must be a number).
    private const int LastPage = 1_000_000;

    /// <summary>
    /// The part of an address that says that a list is followed, and what it says then. No part of a place: whoever begins or ceases to follow
    /// stays where they are, and the list that is read already stays with them.
    /// </summary>
    public const string Following = "follow", FollowingOn = "1";

    /// <summary>A filter in PocketBase's own language; null for everything.</summary>
    public string? Filter { get; init; }

    /// <summary>A field to sort by, <c>-</c> before it for descending; null for the collection's own order.</summary>
    public string? Sort { get; init; }

    /// <summary>In the collection's own order: the last record of the page before.</summary>
    public string? After { get; init; }

    /// <summary>In any other order: the page's number, from 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Reads a place from an address; what can't be read is left out.</summary>
    public static RecordsPlace Of(string collection, string? filter, string? sort, string? after, string? page) => new(collection)
    {
        Filter = string.IsNullOrWhiteSpace(filter) ? null : filter.Trim(),
        Sort = string.IsNullOrWhiteSpace(sort) ? null : sort,
        After = string.IsNullOrWhiteSpace(after) ? null : after,
        Page = int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= LastPage ? number : 1,
    };

    /// <summary>The address of this place in a session.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="record">A record to open there; null for the list.</param>
    /// <param name="isFollowed">Whether the list is followed, or was when the record was opened.</param>
    public string ToAddress(string sessionId, string? record = null, bool isFollowed = false) => QueryHelpers.AddQueryString(
        $"sessions/{sessionId}/collections/{Uri.EscapeDataString(Collection)}",
        new Dictionary<string, string?>
        {
            ["filter"] = Filter,
            ["sort"] = Sort,
            ["after"] = After,
            ["page"] = Page > 1 ? Page.ToString(CultureInfo.InvariantCulture) : null,
            [Following] = isFollowed ? FollowingOn : null,
            ["record"] = record,
        }.Where(part => part.Value is not null));
}
