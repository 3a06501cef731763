namespace SupportConsole.Features.SignIn;

/// <summary>Addresses of the sign-in, and what may follow it.</summary>
internal static class SignInPaths
{
    /// <summary>The sign-in page, below whatever path the site lies.</summary>
    public const string SignIn = "/signin";

    private static readonly Uri s_anyHost = new("https://console.invalid/");

    private const string SignedOutPage = "/signed-out";

    /// <summary>The sign-in page with the reason why it didn't work, and the way on.</summary>
    public static string Failed(PathString site, SignInFailure failure, string? returnUrl) =>
        $"{site}{SignIn}?failed={failure}&returnUrl={Uri.EscapeDataString(Local(site, returnUrl))}";

    /// <summary>The signed-out page, with how far the provider has come and whether the end couldn't be recorded.</summary>
    public static string SignedOut(PathString site, ProviderSignOut provider, bool unrecorded = false) =>
        site + SignedOutPage + (provider, unrecorded) switch
        {
            (ProviderSignOut.None, false) => "",
            (ProviderSignOut.None, true) => "?unrecorded=true",
            (_, false) => $"?provider={provider}",
            (_, true) => $"?provider={provider}&unrecorded=true",
        };

    /// <summary>A path of this site, or the start page: a return address is input, and a link to elsewhere is an attack.</summary>
    /// <param name="site">The path below which the site lies; what else its host has is elsewhere.</param>
    /// <param name="url">Where to, as the host's browsers see it.</param>
    public static string Local(PathString site, string? url) =>
        url is ['/', ..] && (url.Length == 1 || url[1] is not ('/' or '\\')) && !url.Any(char.IsControl) && IsBelow(site, url) ? url : $"{site}/";

    // As a browser would understand it: "/support/../other" lies elsewhere.
    private static bool IsBelow(PathString site, string url) =>
        !site.HasValue
        || (Uri.TryCreate(s_anyHost, url, out var address) && address.AbsolutePath.StartsWith($"{site}/", StringComparison.Ordinal));
}
