namespace SupportConsole.Access;

/// <summary>
/// What a browser says a request is for (W3C Fetch Metadata, and the headers of prefetches). No page can make it say anything else; what
/// says nothing is no such browser.
/// </summary>
internal static class FetchMetadata
{
    /// <summary>Whether somebody's window opens the address, rather than a picture, a frame, a script or a prefetch.</summary>
    public static bool IsNavigation(IHeaderDictionary headers) =>
        headers["Sec-Fetch-Mode"] is [] or ["navigate"]
        && headers["Sec-Fetch-Dest"] is [] or ["document"]
        && ((string[])["Sec-Purpose", "Purpose", "X-Moz"]).All(purpose => !headers[purpose].ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether another site's page takes the address for a part of itself, as many times as it likes and without anybody seeing it.</summary>
    public static bool IsPartOfAnotherSite(IHeaderDictionary headers) =>
        headers["Sec-Fetch-Site"].ToString() is not ("" or "none" or "same-origin") && !IsNavigation(headers);
}
