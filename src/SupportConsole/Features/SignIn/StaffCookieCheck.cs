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
            if (context.Principal is { } principal
                && StaffClaims.IdOf(principal) is { } id
                && StaffClaims.SignInOf(principal) is { } signIn
                && await desk.FindAsync(id, signIn, context.HttpContext.RequestAborted) is not null)
            {
                // A window that finds its way back to the server by itself is nobody doing anything.
                if (!context.HttpContext.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal))
                {
                    await desk.SeenAsync(signIn);
                }

                return;
            }

            // The cookie itself is left alone: it opens nothing, and where a new sign-in has just replaced it, an answer to a request
            // of an older page, be it for a picture, would take the new one away.
            context.RejectPrincipal();
        }
        catch (ExplainedException)
        {
            // Nobody, for this request; the cookie stays for when the database answers again.
            context.RejectPrincipal();
        }
    }
}
