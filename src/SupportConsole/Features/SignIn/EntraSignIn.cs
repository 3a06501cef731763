using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Roles;

namespace SupportConsole.Features.SignIn;

/// <summary>Turns a proof of identity from Microsoft Entra ID into a sign-in of the console.</summary>
internal static class EntraSignIn
{
    public static void Configure(OpenIdConnectOptions options)
    {
        options.ResponseType = "code";
        options.UsePkce = true;
        var validated = options.Events.OnTokenValidated;
        options.Events.OnTokenValidated = async context =>
        {
            await validated(context);
            if (context.Result is null)
            {
                await BeginAsync(context);
            }
        };
        options.Events.OnRemoteFailure = async context =>
        {
            var desk = context.HttpContext.RequestServices.GetRequiredService<SignInDesk>();
            // The provider's text may quote what a stranger sent; the kind of failure is enough for the trail.
            var recorded = await desk.TryRecordFailureAsync(
                context.Failure?.GetType().Name ?? "unknown", context.HttpContext.Connection.RemoteIpAddress?.ToString());
            context.Response.Redirect(recorded ? "/signin" : "/signin?unrecorded=true");
            context.HandleResponse();
        };
    }

    // People are keyed by tenant and object id: names and e-mail addresses are given to others later.
    private static async Task BeginAsync(TokenValidatedContext context)
    {
        var proof = context.Principal ?? throw new InvalidOperationException("A validated token has a principal.");
        var tenant = proof.FindFirstValue("tid") ?? proof.FindFirstValue("http://schemas.microsoft.com/identity/claims/tenantid");
        var person = proof.FindFirstValue("oid") ?? proof.FindFirstValue("http://schemas.microsoft.com/identity/claims/objectidentifier");
        if (tenant is null || person is null)
        {
            context.Fail("The token names no tenant or no object id.");
            return;
        }

        var services = context.HttpContext.RequestServices;
        var id = new StaffId($"{tenant}/{person}");
        var name = proof.FindFirstValue("name") ?? person;
        var email = proof.FindFirstValue("preferred_username") ?? "";
        var signIn = await services.GetRequiredService<SignInDesk>().BeginAsync(
            id, name, email, context.HttpContext.Connection.RemoteIpAddress?.ToString(), context.HttpContext.RequestAborted);
        await services.GetRequiredService<RoleBook>().BootstrapAsync(
            id, name, services.GetRequiredService<IOptions<SignInOptions>>().Value.BootstrapManagers);
        context.Principal = StaffClaims.Principal(id, name, email, signIn, OpenIdConnectDefaults.AuthenticationScheme);
    }
}
