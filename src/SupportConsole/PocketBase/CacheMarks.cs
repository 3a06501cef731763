namespace SupportConsole.PocketBase;

/// <summary>Recognises an answer that a cache gave, and not the server.</summary>
internal static class CacheMarks
{
    private const string Age = "Age";
    private const string Standard = "Cache-Status";

    // What caches and content networks say of themselves: RFC 9211, and the names that came before it.
    private static readonly string[] s_status =
    [
        Standard, "X-Cache", "X-Cache-Status", "X-Cache-Lookup", "X-Cache-Remote", "X-Proxy-Cache", "X-Nginx-Cache", "X-NGINX-Cache-Status",
        "X-FastCGI-Cache", "CF-Cache-Status", "X-Litespeed-Cache", "X-Varnish-Cache", "X-Drupal-Cache", "X-Rack-Cache", "X-Vercel-Cache", "X-CDN-Cache",
        "CDN-Cache", "X-Azure-Ref-OriginShield", "X-Served-From-Cache", "X-Edge-Cache",
    ];

    private static readonly string[] s_served = ["hit", "stale", "revalidated", "updating", "true", "yes"];

    /// <summary>The header that gives a cache away; null when none does. <c>Age</c> alone says that the answer was stored (RFC 9111, section 5.1).</summary>
    public static string? Of(HttpResponseMessage response)
    {
        if (response.Headers.Contains(Age))
        {
            return Age;
        }

        foreach (var name in s_status)
        {
            if (response.Headers.TryGetValues(name, out var values) && values.Any(value => IsServed(name, value)))
            {
                return name;
            }
        }

        // Varnish names the request that it answers, and, when it answers from its store, the one that filled it.
        if (response.Headers.TryGetValues("X-Varnish", out var requests) && requests.Any(value => value.Trim().Contains(' ', StringComparison.Ordinal)))
        {
            return "X-Varnish";
        }

        return response.Headers.TryGetValues("X-Cache-Hits", out var hits) && hits.Any(value => value.Split(',').Any(hit => hit.Trim() is not ("" or "0")))
            ? "X-Cache-Hits"
            : null;
    }

    private static bool IsServed(string name, string value)
    {
        var words = value.Split(' ', ',', ';', '=', '_', '-', '/', '"').Select(word => word.ToLowerInvariant());
        return name == Standard
            ? words.Any(word => word is "hit" or "collapsed") // There "stale" says why the server was asked after all.
            : words.Any(word => s_served.Contains(word) || word.EndsWith("hit", StringComparison.Ordinal));
    }
}
