using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Roles;
using SupportConsole.Storage;

namespace SupportConsole.Features.SignIn;

/// <summary>Turns a proof of identity from Microsoft Entra ID into a sign-in of the console, or into a fresh proof for one that stands.</summary>
internal static class EntraSignIn
{
    public const string SectionName = "AzureAd";

    // Travel to the provider and back inside the encrypted state.
    private const string ConfirmedSignIn = "confirm.sign-in";
    private const string ConfirmedFrom = "confirm.from";

    private const int OthersOnTheirWay = 4;

    // How far the provider's clock may be behind ours.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    public static void AddEntraSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAuthentication(OpenIdConnectDefaults.AuthenticationScheme).AddMicrosoftIdentityWebApp(configuration.GetSection(SectionName));
        services.AddOptions<OpenIdConnectOptions>(OpenIdConnectDefaults.AuthenticationScheme)
            .Configure<IOptions<SignInOptions>, IOptions<HostingOptions>>((options, policy, hosting) => Configure(options, policy.Value, hosting.Value));
        services.AddSingleton<EntraProvider>();
    }

    /// <summary>Asks the provider who this is.</summary>
    public static AuthenticationProperties SignIn(string returnTo) => new() { RedirectUri = returnTo };

    /// <summary>Asks the provider to have the same person prove it anew: OpenID Connect Core 1.0, section 3.1.2.1, prompt and max_age.</summary>
    public static AuthenticationProperties Confirm(string returnTo, string signIn, string email, DateTimeOffset now) =>
        new OpenIdConnectChallengeProperties
        {
            RedirectUri = returnTo,
            Prompt = OpenIdConnectPrompt.Login,
            MaxAge = TimeSpan.Zero,
            Parameters = { [OpenIdConnectParameterNames.LoginHint] = email },
            Items = { [ConfirmedSignIn] = signIn, [ConfirmedFrom] = now.ToString("O", CultureInfo.InvariantCulture) },
        };

    /// <summary>
    /// Whether a sign-in begun by this request would come back over plain HTTP, where anybody on the way reads the proof. In Development
    /// that may be.
    /// </summary>
    public static bool ReturnsInPlain(HttpContext http) =>
        !http.Request.IsHttps && !http.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment();

    /// <summary>
    /// Takes back the cookies of all but the latest sign-ins that this browser began and never ended. Each leaves two, a quarter of an
    /// hour long, and a browser with too many of them gets no answer from proxies any more.
    /// </summary>
    public static void ForgetAbandoned(HttpContext http)
    {
        var options = http.RequestServices.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>().Get(OpenIdConnectDefaults.AuthenticationScheme);
        foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
        {
            // Browsers send older ones first (RFC 6265, section 5.4). A few stay, for other tabs that are on their way.
            foreach (var name in http.Request.Cookies.Keys.Where(name => name.StartsWith(cookie.Name!, StringComparison.Ordinal)).SkipLast(OthersOnTheirWay).ToList())
            {
                http.Response.Cookies.Delete(name, cookie.Build(http));
            }
        }
    }

    private static void Configure(OpenIdConnectOptions options, SignInOptions policy, HostingOptions hosting)
    {
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.UsePkce = true;
        // The browser brings the answer by a navigation and not by a form of the provider's, because a form posted from another site
        // carries no Lax cookie, and the sign-in that is replaced is known by its cookie. What stands in the address is worth nothing
        // to others: the code is good once, with this browser's state and PKCE's secret (RFC 9700, section 2.1.1).
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        // Says to everybody's browser that this address signs out, from any site and without a trace. Nothing here needs it.
        options.RemoteSignOutPath = PathString.Empty;
        // A __Host- cookie can't be planted by a neighbouring host; it needs the whole host as its path. Below a path there are others on it.
        options.CorrelationCookie.Name = hosting.Prefix.HasValue ? "__Secure-SupportConsole.Correlation." : "__Host-SupportConsole.Correlation.";
        options.CorrelationCookie.Path = hosting.Prefix.HasValue ? hosting.Prefix.Value : "/";
        options.NonceCookie.Name = hosting.Prefix.HasValue ? "__Secure-SupportConsole.Nonce." : "__Host-SupportConsole.Nonce.";
        options.NonceCookie.Path = options.CorrelationCookie.Path;

        var validated = options.Events.OnTokenValidated;
        options.Events.OnTokenValidated = async context =>
        {
            await validated(context);
            if (context.Result is null)
            {
                await AcceptAsync(context, policy);
            }
        };
        // Only here is everything about the answer checked; what fails before this ends nobody's sign-in.
        var received = options.Events.OnTicketReceived;
        options.Events.OnTicketReceived = async context =>
        {
            await received(context);
            if (context.Result is null && context.Principal is { } person)
            {
                // Not yet the request's user: this handler answers before the cookie is looked at.
                var before = await context.HttpContext.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme);
                await context.HttpContext.RequestServices.GetRequiredService<SignInDesk>().EndReplacedAsync(
                    before.Principal, StaffClaims.SignInOf(person), context.HttpContext.Connection.RemoteIpAddress?.ToString());
            }
        };
        options.Events.OnAccessDenied = context =>
        {
            context.HandleResponse();
            return RefuseAsync(context.HttpContext, new SignInRefusedException(SignInFailure.Cancelled), context.Properties);
        };
        options.Events.OnRemoteFailure = context =>
        {
            context.HandleResponse();
            return RefuseAsync(context.HttpContext, context.Failure, context.Properties);
        };
        var leaving = options.Events.OnRedirectToIdentityProviderForSignOut;
        options.Events.OnRedirectToIdentityProviderForSignOut = async context =>
        {
            await leaving(context);
            // Tells the provider whose address it may send the browser back to; no token is kept that could say so.
            context.ProtocolMessage.ClientId = context.Options.ClientId;
        };
    }

    private static async Task AcceptAsync(TokenValidatedContext context, SignInOptions policy)
    {
        var services = context.HttpContext.RequestServices;
        var desk = services.GetRequiredService<SignInDesk>();
        var address = context.HttpContext.Connection.RemoteIpAddress?.ToString();
        var person = PersonIn(context.SecurityToken.Claims, services.GetRequiredService<IConfiguration>()[$"{SectionName}:TenantId"]);
        if (person is null)
        {
            context.Fail(new SignInRefusedException(SignInFailure.Rejected));
            return;
        }

        if (policy.RequiredAppRole.Length > 0
            && !context.SecurityToken.Claims.Any(claim => claim.Type == "roles" && claim.Value == policy.RequiredAppRole))
        {
            context.Fail(new SignInRefusedException(SignInFailure.MissingAppRole, person));
            return;
        }

        string? signIn = null;
        if (context.Properties?.Items.TryGetValue(ConfirmedSignIn, out signIn) == true && signIn is not null)
        {
            var from = DateTimeOffset.Parse(context.Properties.Items[ConfirmedFrom]!, CultureInfo.InvariantCulture);
            if (person.ProvenAt is not { } provenAt || provenAt < from - ClockSkew)
            {
                context.Fail(new SignInRefusedException(SignInFailure.ProofTooOld, person));
                return;
            }

            await desk.ConfirmAsync(person, signIn, address, context.HttpContext.RequestAborted);
        }
        else
        {
            signIn = await desk.BeginAsync(person, address, context.HttpContext.RequestAborted);
            await services.GetRequiredService<RoleBook>().BootstrapAsync(person.Id, person.Name, policy.BootstrapManagers);
        }

        context.Principal = StaffClaims.Principal(person.Id, person.Name, person.Email, signIn, OpenIdConnectDefaults.AuthenticationScheme);
    }

    // The raw claims, as the provider signed them: the framework renames some of them. Roles among them are never read as rights.
    private static ProvenPerson? PersonIn(IEnumerable<Claim> claims, string? ownTenant)
    {
        var token = claims.GroupBy(claim => claim.Type).ToDictionary(group => group.Key, group => group.First().Value);
        if (!Guid.TryParse(token.GetValueOrDefault("tid"), out var tenant)
            || !Guid.TryParse(token.GetValueOrDefault("oid"), out var person)
            || !Guid.TryParse(ownTenant, out var own) || tenant != own)
        {
            return null;
        }

        var name = token.GetValueOrDefault("name") is { Length: > 0 } called ? called : person.ToString();
        return new ProvenPerson(
            new StaffId($"{tenant}/{person}"),
            name,
            token.GetValueOrDefault("preferred_username") ?? token.GetValueOrDefault("email") ?? "",
            long.TryParse(token.GetValueOrDefault("auth_time"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : null);
    }

    // The provider's own words may quote what a stranger sent: only the kind of failure is kept and shown.
    private static async Task RefuseAsync(HttpContext http, Exception? cause, AuthenticationProperties? properties)
    {
        var (failure, person) = FailureOf(cause);
        if (failure != SignInFailure.Unrecorded
            && !await http.RequestServices.GetRequiredService<SignInDesk>().TryRecordFailureAsync(failure, person, http.Connection.RemoteIpAddress?.ToString()))
        {
            failure = SignInFailure.Unrecorded;
        }

        http.Response.Redirect(SignInPaths.Failed(http.Request.PathBase, failure, properties?.RedirectUri));
    }

    private static (SignInFailure Failure, ProvenPerson? Person) FailureOf(Exception? cause) => cause switch
    {
        SignInRefusedException refused => (refused.Failure, refused.Person),
        NotWrittenException => (SignInFailure.Unrecorded, null),
        HttpRequestException or TaskCanceledException => (SignInFailure.ProviderDown, null),
        { InnerException: { } inner } => FailureOf(inner),
        _ => (SignInFailure.Rejected, null),
    };
}
