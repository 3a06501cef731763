namespace SupportConsole.Features.SignIn;

/// <summary>Addresses of the sign-in, and what may follow it.</summary>
internal static class SignInPaths
{
    public const string SignIn = "/signin";
    public const string SignedOut = "/signed-out";

    /// <summary>The sign-in page with the reason why it didn't work, and the way on.</summary>
    public static string Failed(SignInFailure failure, string? returnUrl) =>
        $"{SignIn}?failed={failure}&returnUrl={Uri.EscapeDataString(Local(returnUrl))}";

    /// <summary>A path of this site, or the start page: a return address is input, and a link to elsewhere is an attack.</summary>
    public static string Local(string? url) =>
        url is ['/', ..] && (url.Length == 1 || url[1] is not ('/' or '\\')) && !url.Any(char.IsControl) ? url : "/";
}
