using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;
using SupportConsole.Access;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Roles;

namespace SupportConsole.Features.SignIn;

internal static class SignInFeature
{
    private const string Cookies = CookieAuthenticationDefaults.AuthenticationScheme;

    public static WebApplicationBuilder AddSignIn(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SignInOptions>, SignInRules>();
        services.AddSingleton<SignInDesk>();
        services.AddSingleton<StaffCookieCheck>();
        services.AddScoped<AuthenticationStateProvider, StaffAuthenticationState>();
        services.AddCascadingAuthenticationState();

        var mode = builder.Configuration.GetValue($"{SignInOptions.SectionName}:{nameof(SignInOptions.Mode)}", SignInMode.Entra);
        if (mode == SignInMode.Entra)
        {
            services.AddAuthentication(OpenIdConnectDefaults.AuthenticationScheme)
                .AddMicrosoftIdentityWebApp(builder.Configuration.GetSection("AzureAd"));
            services.Configure<OpenIdConnectOptions>(OpenIdConnectDefaults.AuthenticationScheme, EntraSignIn.Configure);
            services.Configure<AuthenticationOptions>(options => options.DefaultChallengeScheme = Cookies);
        }
        else
        {
            services.AddAuthentication(Cookies).AddCookie();
            services.AddHostedService<DemoRoles>();
        }

        services.AddOptions<CookieAuthenticationOptions>(Cookies).Configure(options =>
        {
            // A __Host- cookie can't be set by a neighbouring host; the demo runs over plain HTTP, where browsers refuse it.
            options.Cookie.Name = mode == SignInMode.Entra ? "__Host-SupportConsole" : "SupportConsole.Demo";
            options.Cookie.SecurePolicy = mode == SignInMode.Entra ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.HttpOnly = true;
            options.Cookie.Path = "/";
            options.ExpireTimeSpan = SignInDesk.MaximumAge;
            options.SlidingExpiration = false;
            options.LoginPath = "/signin";
            options.AccessDeniedPath = "/no-access";
            options.ReturnUrlParameter = "returnUrl";
            options.EventsType = typeof(StaffCookieCheck);
        });
        return builder;
    }

    public static void MapSignIn(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<SignInOptions>>().Value.Mode == SignInMode.Demo)
        {
            app.MapPost("/signin/demo", SignInAsDemoPersonAsync).AllowAnonymous();
        }
        else
        {
            // A GET, because a form's way through a redirect to another origin is closed by the form-action policy.
            app.MapGet("/signin/entra", (string? returnUrl) => Results.Challenge(
                new AuthenticationProperties { RedirectUri = LocalPath(returnUrl) },
                [OpenIdConnectDefaults.AuthenticationScheme])).AllowAnonymous();
        }

        app.MapPost("/signout", SignOutAsync);
    }

    private static async Task<IResult> SignInAsDemoPersonAsync(
        HttpContext http, [FromForm] string? person, [FromForm] string? returnUrl, SignInDesk desk)
    {
        var address = http.Connection.RemoteIpAddress?.ToString();
        if (DemoPeople.All.FirstOrDefault(p => p.Key == person) is not { } chosen)
        {
            await desk.RecordFailureAsync("no such demo person", address);
            return Results.LocalRedirect("/signin");
        }

        string signIn;
        try
        {
            signIn = await desk.BeginAsync(chosen.Id, chosen.Name, chosen.Email, address, http.RequestAborted);
        }
        catch (AuditUnavailableException)
        {
            return Results.LocalRedirect("/signin?unrecorded=true");
        }

        await http.SignInAsync(Cookies, StaffClaims.Principal(chosen.Id, chosen.Name, chosen.Email, signIn, Cookies));
        return Results.LocalRedirect(LocalPath(returnUrl));
    }

    // The form is bound by hand from the request, so antiforgery is asked for by name.
    private static async Task<IResult> SignOutAsync(HttpContext http, IAntiforgery antiforgery, SignInDesk desk, RoleBook roles)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Results.BadRequest();
        }

        if (StaffClaims.IdOf(http.User) is { } id
            && StaffClaims.SignInOf(http.User) is { } signIn
            && await roles.FindAsync(id, http.RequestAborted) is { } member)
        {
            await desk.EndAsync(new ActingStaff(member, http.Connection.RemoteIpAddress?.ToString()), signIn);
        }

        await http.SignOutAsync(Cookies);
        return Results.LocalRedirect("/signed-out");
    }

    /// <summary>A path of this site, or the start page: a return address is input, and a link to elsewhere is an attack.</summary>
    internal static string LocalPath(string? url) =>
        url is ['/', ..] && (url.Length == 1 || url[1] is not ('/' or '\\')) && !url.Any(char.IsControl) ? url : "/";
}
