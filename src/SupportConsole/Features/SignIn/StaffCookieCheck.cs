using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using SupportConsole.Access;
using SupportConsole.Core;

namespace SupportConsole.Features.SignIn;

/// <summary>Refuses the cookie of a sign-in that has ended, on every request: a cookie can be copied and outlives a sign-out.</summary>
internal sealed class StaffCookieCheck(SignInDesk desk) : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        try
        {
            if (context.Principal is not { } principal
                || StaffClaims.IdOf(principal) is not { } id
                || !await desk.IsCurrentAsync(id, StaffClaims.SignInOf(principal), context.HttpContext.RequestAborted))
            {
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
            }
        }
        catch (ExplainedException)
        {
            // Nobody, for this request; the cookie stays for when the database answers again.
            context.RejectPrincipal();
        }
    }
}
