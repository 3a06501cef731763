using System.Security.Claims;
using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>The claims of a signed-in staff member: who, and through which sign-in. Never what they may do.</summary>
internal static class StaffClaims
{
    public const string Id = "staff";
    public const string Name = "name";
    public const string Email = "email";

    /// <summary>The id of one sign-in, so that signing out ends exactly the windows that came from it.</summary>
    public const string SignIn = "signin";

    public static ClaimsPrincipal Principal(StaffId id, string name, string email, string signIn, string scheme) =>
        new(new ClaimsIdentity(
            [new(Id, id.Value), new(Name, name), new(Email, email), new(SignIn, signIn)], scheme, Name, roleType: null));

    public static StaffId? IdOf(ClaimsPrincipal principal) =>
        principal.Identity?.IsAuthenticated == true && principal.FindFirstValue(Id) is { Length: > 0 } id ? new StaffId(id) : null;

    /// <summary>The address, for showing and as a hint to the provider.</summary>
    public static string EmailOf(ClaimsPrincipal principal) => principal.FindFirstValue(Email) ?? "";

    public static string? SignInOf(ClaimsPrincipal principal) => principal.FindFirstValue(SignIn);
}
