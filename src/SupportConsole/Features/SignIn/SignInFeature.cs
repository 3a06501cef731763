using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
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
        services.AddSingleton<ISignIns>(provider => provider.GetRequiredService<SignInDesk>());
        services.AddSingleton<StaffCookieCheck>();
        services.AddScoped<AuthenticationStateProvider, StaffAuthenticationState>();
        services.AddScoped<CircuitHandler, SignInActivity>();
        services.AddHostedService<SignInExpiry>();
        services.AddCascadingAuthenticationState();

        var mode = builder.Configuration.GetValue($"{SignInOptions.SectionName}:{nameof(SignInOptions.Mode)}", SignInMode.Entra);
        if (mode == SignInMode.Entra)
        {
            services.AddEntraSignIn(builder.Configuration);
            services.Configure<AuthenticationOptions>(options => options.DefaultChallengeScheme = Cookies);
        }
        else
        {
            services.AddAuthentication(Cookies).AddCookie();
            services.AddHostedService<DemoRoles>();
        }

        services.AddOptions<CookieAuthenticationOptions>(Cookies).Configure<IOptions<SignInOptions>>((options, policy) =>
        {
            Guard(options.Cookie, mode, mode == SignInMode.Entra ? "__Host-SupportConsole" : "SupportConsole.Demo");
            options.ExpireTimeSpan = policy.Value.MaximumAge;
            options.SlidingExpiration = false;
            options.LoginPath = SignInPaths.SignIn;
            options.AccessDeniedPath = "/no-access";
            options.ReturnUrlParameter = "returnUrl";
            options.EventsType = typeof(StaffCookieCheck);
        });
        services.AddAntiforgery(options =>
            Guard(options.Cookie, mode, mode == SignInMode.Entra ? "__Host-SupportConsole.Antiforgery" : "SupportConsole.Demo.Antiforgery"));
        return builder;
    }

    public static void MapSignIn(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<SignInOptions>>().Value.Mode == SignInMode.Demo)
        {
            app.MapPost("/signin/demo", SignInAsDemoPersonAsync).AllowAnonymous();
            app.MapGet("/signin/confirm", (string? returnUrl) =>
                Results.LocalRedirect($"{SignInPaths.SignIn}?confirm=true&returnUrl={Uri.EscapeDataString(SignInPaths.Local(returnUrl))}"));
        }
        else
        {
            // GETs, because a form's way through a redirect to another origin is closed by the form-action policy.
            app.MapGet("/signin/entra", AskProviderAsync).AllowAnonymous();
            app.MapGet("/signin/confirm", AskProviderAgainAsync);
            app.MapGet("/signout/provider", LeaveProviderAsync).AllowAnonymous();
        }

        app.MapPost("/signout", SignOutAsync);
    }

    // A __Host- cookie can't be planted by a neighbouring host; the demo runs over plain HTTP, where browsers refuse it.
    private static void Guard(CookieBuilder cookie, SignInMode mode, string name)
    {
        cookie.Name = name;
        cookie.SecurePolicy = mode == SignInMode.Entra ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.HttpOnly = true;
        cookie.Path = "/";
    }

    private static async Task<IResult> SignInAsDemoPersonAsync(
        HttpContext http, [FromForm] string? person, [FromForm] string? returnUrl, [FromForm] bool? confirm, SignInDesk desk, TimeProvider clock)
    {
        var address = http.Connection.RemoteIpAddress?.ToString();
        try
        {
            if (DemoPeople.All.FirstOrDefault(p => p.Key == person) is not { } chosen)
            {
                throw new SignInRefusedException(SignInFailure.Rejected);
            }

            var proven = new ProvenPerson(chosen.Id, chosen.Name, chosen.Email, clock.GetUtcNow());
            if (confirm == true && StaffClaims.SignInOf(http.User) is { } standing)
            {
                await desk.ConfirmAsync(proven, standing, address, http.RequestAborted);
            }
            else
            {
                var signIn = await desk.BeginAsync(proven, address, http.RequestAborted);
                await desk.EndReplacedAsync(http.User, signIn, address);
                await http.SignInAsync(Cookies, StaffClaims.Principal(chosen.Id, chosen.Name, chosen.Email, signIn, Cookies));
            }

            return Results.LocalRedirect(SignInPaths.Local(returnUrl));
        }
        catch (SignInRefusedException refused)
        {
            var recorded = await desk.TryRecordFailureAsync(refused.Failure, refused.Person, address);
            return Results.LocalRedirect(SignInPaths.Failed(recorded ? refused.Failure : SignInFailure.Unrecorded, returnUrl));
        }
        catch (AuditUnavailableException)
        {
            return Results.LocalRedirect(SignInPaths.Failed(SignInFailure.Unrecorded, returnUrl));
        }
    }

    private static Task<IResult> AskProviderAsync(HttpContext http, string? returnUrl, EntraProvider provider, SignInDesk desk) =>
        ThroughProviderAsync(http, returnUrl, provider, desk, EntraSignIn.SignIn(SignInPaths.Local(returnUrl)));

    private static Task<IResult> AskProviderAgainAsync(HttpContext http, string? returnUrl, EntraProvider provider, SignInDesk desk, TimeProvider clock) =>
        ThroughProviderAsync(http, returnUrl, provider, desk, EntraSignIn.Confirm(
            SignInPaths.Local(returnUrl), StaffClaims.SignInOf(http.User) ?? "", StaffClaims.EmailOf(http.User), clock.GetUtcNow()));

    private static async Task<IResult> ThroughProviderAsync(
        HttpContext http, string? returnUrl, EntraProvider provider, SignInDesk desk, AuthenticationProperties properties)
    {
        if (await provider.AnswersAsync(http.RequestAborted))
        {
            return Results.Challenge(properties, [OpenIdConnectDefaults.AuthenticationScheme]);
        }

        var recorded = await desk.TryRecordFailureAsync(SignInFailure.ProviderDown, person: null, http.Connection.RemoteIpAddress?.ToString());
        return Results.LocalRedirect(SignInPaths.Failed(recorded ? SignInFailure.ProviderDown : SignInFailure.Unrecorded, returnUrl));
    }

    // The form is bound by hand from the request, so antiforgery is asked for by name.
    private static async Task<IResult> SignOutAsync(HttpContext http, IAntiforgery antiforgery, SignInDesk desk, RoleBook roles, IOptions<SignInOptions> options)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Results.BadRequest();
        }

        var recorded = true;
        if (StaffClaims.IdOf(http.User) is { } id
            && StaffClaims.SignInOf(http.User) is { } signIn
            && await roles.FindAsync(id, http.RequestAborted) is { } member)
        {
            recorded = await desk.TryEndAsync(new ActingStaff(member, http.Connection.RemoteIpAddress?.ToString()), signIn);
        }

        await http.SignOutAsync(Cookies);
        // First here, whatever the provider does; the page then goes on to it, which a form's redirect may not.
        var provider = options.Value.Mode == SignInMode.Entra ? ProviderSignOut.Pending : ProviderSignOut.None;
        return Results.LocalRedirect(SignInPaths.SignedOut(provider, unrecorded: !recorded));
    }

    private static async Task<IResult> LeaveProviderAsync(HttpContext http, EntraProvider provider) =>
        await provider.AnswersAsync(http.RequestAborted)
            ? Results.SignOut(
                new AuthenticationProperties { RedirectUri = SignInPaths.SignedOut(ProviderSignOut.Done) },
                [OpenIdConnectDefaults.AuthenticationScheme])
            : Results.LocalRedirect(SignInPaths.SignedOut(ProviderSignOut.Unreachable));
}
