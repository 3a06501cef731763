using SupportConsole.Core.Users;

namespace SupportConsole.PocketBase;

/// <summary>One page of a collection, as asked for.</summary>
/// <param name="Collection">Name of the collection.</param>
internal sealed record RecordQuery(string Collection)
{
    /// <summary>Most records on one page.</summary>
    public const int MaxPerPage = 100;

    public int Page { get; init; } = 1;

    /// <summary>1 to <see cref="MaxPerPage"/>.</summary>
    public int PerPage { get; init; } = 20;

    /// <summary>Comma-separated fields to return; all when null.</summary>
    public string? Fields { get; init; }

    /// <summary>Comma-separated fields to sort by, <c>-</c> for descending. End it with <c>id</c>: ties have no stable order.</summary>
    public string? Sort { get; init; }

    /// <summary>A filter whose literals come from <c>PocketBaseFilter</c>.</summary>
    public string? Filter { get; init; }

    /// <summary>Comma-separated relations to bring along, as far as the reader may see them.</summary>
    public string? Expand { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">The page or its size is one no page of the console has.</exception>
    public void ThrowIfOutOfRange()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Page, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PerPage, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PerPage, MaxPerPage);
    }

    /// <summary>The request's path under the server's root; the collection's name has been checked before.</summary>
    /// <exception cref="PocketBaseProblem">The filter is longer than the server accepts.</exception>
    public string ToPath()
    {
        if (Filter is not null && !PocketBaseFilter.Fits(Filter))
        {
            throw PocketBaseProblem.FilterTooLong();
        }

        return $"/api/collections/{Collection}/records?page={Page}&perPage={PerPage}&skipTotal=1"
            + Parameters(("sort", Sort), ("filter", Filter), ("expand", Expand), ("fields", Fields));
    }

    /// <summary>Optional parameters, escaped, each with its <c>&amp;</c> in front.</summary>
    public static string Parameters(params IEnumerable<(string Name, string? Value)> parameters) => string.Concat(
        parameters.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"&{p.Name}={Uri.EscapeDataString(p.Value!)}"));
}
