using SupportConsole.Access;

namespace SupportConsole.Hosting;

/// <summary>
/// The headers of every response. Nothing is loaded from another origin and nothing inline runs. Styles may stand inline:
/// MudBlazor and Blazor's virtualisation write them from the circuit, where no nonce can reach.
/// </summary>
internal static class SecurityHeaders
{
    public static IServiceCollection AddSecurity(this IServiceCollection services)
    {
        services.AddSecurityHeaderPolicies()
            .SetDefaultPolicy(policies => policies.AddCommon().AddContentSecurityPolicy(policy =>
            {
                policy.AddDefaultSrc().None();
                policy.AddScriptSrc().Self();
                policy.AddStyleSrc().Self().UnsafeInline();
                policy.AddImgSrc().Self().Data();
                policy.AddFontSrc().Self();
                policy.AddConnectSrc().Self();
                policy.AddBaseUri().Self();
                policy.AddObjectSrc().None();
                policy.AddFormAction().Self();
                policy.AddFrameAncestors().None();
            }))
            .AddPolicy(HeaderPolicies.Files, policies => policies.AddCommon().AddContentSecurityPolicy(policy =>
            {
                policy.AddDefaultSrc().None();
                policy.AddFrameAncestors().None();
                policy.AddSandbox();
            }));
        return services;
    }

    private static HeaderPolicyCollection AddCommon(this HeaderPolicyCollection policies) => policies
        .AddFrameOptionsDeny()
        .AddContentTypeOptionsNoSniff()
        .AddReferrerPolicyNoReferrer()
        .AddCrossOriginOpenerPolicy(policy => policy.SameOrigin())
        .AddCrossOriginResourcePolicy(policy => policy.SameOrigin())
        .AddCrossOriginEmbedderPolicy(policy => policy.RequireCorp())
        .AddPermissionsPolicy(policy =>
        {
            policy.AddCamera().None();
            policy.AddMicrophone().None();
            policy.AddGeolocation().None();
            policy.AddPayment().None();
            policy.AddUsb().None();
            policy.AddDisplayCapture().None();
        })
        .RemoveServerHeader();

    /// <summary>Keeps pages out of every cache, Back after a sign-out included. Static files keep their own, long life.</summary>
    public static void UsePrivatePages(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            if (context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true)
            {
                context.Response.Headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        });
        return next(context);
    });
}
