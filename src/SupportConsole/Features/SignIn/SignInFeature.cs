using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Storage;

namespace SupportConsole.Features.SignIn;

/// <summary>How staff come in, prove again who they are, and leave: with Microsoft Entra ID, or as one of the demo's people.</summary>
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

        services.AddOptions<CookieAuthenticationOptions>(Cookies).Configure<IOptions<SignInOptions>, IOptions<HostingOptions>>((options, policy, hosting) =>
        {
            Guard(options.Cookie, mode, hosting.Value, "");
            options.ExpireTimeSpan = policy.Value.MaximumAge;
            options.SlidingExpiration = false;
            options.LoginPath = SignInPaths.SignIn;
            options.AccessDeniedPath = "/no-access";
            options.ReturnUrlParameter = "returnUrl";
            options.EventsType = typeof(StaffCookieCheck);
        });
        services.AddOptions<AntiforgeryOptions>().Configure<IOptions<HostingOptions>>((options, hosting) => Guard(options.Cookie, mode, hosting.Value, ".Antiforgery"));
        services.AddAntiforgery();
        return builder;
    }

    public static void MapSignIn(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<SignInOptions>>().Value.Mode == SignInMode.Demo)
        {
            app.MapPost("/signin/demo", SignInAsDemoPersonAsync).AllowAnonymous();
            app.MapGet("/signin/confirm", (HttpContext http, string? returnUrl) => Results.LocalRedirect(
                $"{http.Request.PathBase}{SignInPaths.SignIn}?confirm=true&returnUrl={Uri.EscapeDataString(SignInPaths.Local(http.Request.PathBase, returnUrl))}"));
        }
        else
        {
            // GETs, because a form's way through a redirect to another origin is closed by the form-action policy.
            app.MapGet("/signin/entra", AskProviderAsync).AllowAnonymous().AddEndpointFilter(OnlyNavigationsAsync);
            app.MapGet("/signin/confirm", AskProviderAgainAsync).AddEndpointFilter(OnlyNavigationsAsync);
            app.MapGet("/signout/provider", LeaveProviderAsync).AllowAnonymous().AddEndpointFilter(OnlyNavigationsAsync);
        }

        app.MapPost("/signout", SignOutAsync);
    }

    /// <summary>
    /// Goes to the provider only with somebody's window. A picture, a frame or a prefetch of another page would start one sign-in after
    /// the other, each with its cookies.
    /// </summary>
    private static async ValueTask<object?> OnlyNavigationsAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        FetchMetadata.IsNavigation(context.HttpContext.Request.Headers)
            ? await next(context)
            : Results.Text("Only a window that opens this address goes on to the sign-in.", statusCode: StatusCodes.Status403Forbidden);

    // A __Host- cookie can't be planted by a neighbouring host; the demo runs over plain HTTP, where browsers refuse it. It belongs to
    // the whole host, though, so that one with other sites beside the console would hand it to them.
    private static void Guard(CookieBuilder cookie, SignInMode mode, HostingOptions hosting, string name)
    {
        cookie.Name = (mode, hosting.Prefix.HasValue) switch
        {
            (SignInMode.Demo, _) => "SupportConsole.Demo",
            (_, false) => "__Host-SupportConsole",
            (_, true) => "__Secure-SupportConsole",
        } + name;
        cookie.SecurePolicy = mode == SignInMode.Entra ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.HttpOnly = true;
        cookie.Path = hosting.Prefix.HasValue ? hosting.Prefix.Value : "/";
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

            return Results.LocalRedirect(SignInPaths.Local(http.Request.PathBase, returnUrl));
        }
        catch (SignInRefusedException refused)
        {
            var recorded = await desk.TryRecordFailureAsync(refused.Failure, refused.Person, address);
            return Results.LocalRedirect(SignInPaths.Failed(http.Request.PathBase, recorded ? refused.Failure : SignInFailure.Unrecorded, returnUrl));
        }
        catch (NotWrittenException)
        {
            return Results.LocalRedirect(SignInPaths.Failed(http.Request.PathBase, SignInFailure.Unrecorded, returnUrl));
        }
    }

    private static Task<IResult> AskProviderAsync(HttpContext http, string? returnUrl, EntraProvider provider, SignInDesk desk) =>
        ThroughProviderAsync(http, returnUrl, provider, desk, EntraSignIn.SignIn(SignInPaths.Local(http.Request.PathBase, returnUrl)));

    private static Task<IResult> AskProviderAgainAsync(HttpContext http, string? returnUrl, EntraProvider provider, SignInDesk desk, TimeProvider clock) =>
        ThroughProviderAsync(http, returnUrl, provider, desk, EntraSignIn.Confirm(
            SignInPaths.Local(http.Request.PathBase, returnUrl), StaffClaims.SignInOf(http.User) ?? "", StaffClaims.EmailOf(http.User), clock.GetUtcNow()));

    private static async Task<IResult> ThroughProviderAsync(
        HttpContext http, string? returnUrl, EntraProvider provider, SignInDesk desk, AuthenticationProperties properties)
    {
        if (EntraSignIn.ReturnsInPlain(http))
        {
            // The provider would be told to send the proof back over plain HTTP. The page says what is in the way.
            return Results.LocalRedirect(SignInPaths.Failed(http.Request.PathBase, SignInFailure.PlainHttp, returnUrl));
        }

        if (await provider.AnswersAsync(http.RequestAborted))
        {
            EntraSignIn.ForgetAbandoned(http);
            return Results.Challenge(properties, [OpenIdConnectDefaults.AuthenticationScheme]);
        }

        var recorded = await desk.TryRecordFailureAsync(SignInFailure.ProviderDown, person: null, http.Connection.RemoteIpAddress?.ToString());
        return Results.LocalRedirect(SignInPaths.Failed(http.Request.PathBase, recorded ? SignInFailure.ProviderDown : SignInFailure.Unrecorded, returnUrl));
    }

    // The form is bound by hand from the request, so antiforgery is asked for by name.
    private static async Task<IResult> SignOutAsync(HttpContext http, IAntiforgery antiforgery, CurrentStaff who, SignInDesk desk, IOptions<SignInOptions> options)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Results.BadRequest();
        }

        var recorded = true;
        if (await who.FindAsync(http.RequestAborted) is { SignIn: { } signIn } staff)
        {
            recorded = await desk.TryEndAsync(staff, signIn);
        }

        await http.SignOutAsync(Cookies);
        // First here, whatever the provider does; the page then goes on to it, which a form's redirect may not.
        var provider = options.Value.Mode == SignInMode.Entra ? ProviderSignOut.Pending : ProviderSignOut.None;
        return Results.LocalRedirect(SignInPaths.SignedOut(http.Request.PathBase, provider, unrecorded: !recorded));
    }

    private static async Task<IResult> LeaveProviderAsync(HttpContext http, EntraProvider provider) =>
        await provider.AnswersAsync(http.RequestAborted)
            ? Results.SignOut(
                new AuthenticationProperties { RedirectUri = SignInPaths.SignedOut(http.Request.PathBase, ProviderSignOut.Done) },
                [OpenIdConnectDefaults.AuthenticationScheme])
            : Results.LocalRedirect(SignInPaths.SignedOut(http.Request.PathBase, ProviderSignOut.Unreachable));
}
