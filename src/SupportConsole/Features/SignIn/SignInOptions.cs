using Microsoft.Extensions.Options;

namespace SupportConsole.Features.SignIn;

/// <summary>The section <c>SignIn</c>.</summary>
internal sealed class SignInOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "SignIn";

    /// <summary>Entra, unless the configuration says Demo.</summary>
    public SignInMode Mode { get; set; } = SignInMode.Entra;

    /// <summary><c>tenant/object</c> ids that become managers at their first sign-in, once.</summary>
    public string[] BootstrapManagers { get; set; } = [];

    /// <summary>An app role of the registration that everybody needs to enter at all; empty asks for none. It gives no right in the console.</summary>
    public string RequiredAppRole { get; set; } = "";

    /// <summary>A sign-in is over after this many hours, however busy it is; 1 to 24.</summary>
    public int MaximumHours { get; set; } = 8;

    /// <summary>And after this many minutes in which nobody did anything in its windows; 5 to 480.</summary>
    public int IdleMinutes { get; set; } = 30;

    /// <summary>How old, in minutes, a proof of identity may be for opening a session or changing a role; 1 to 480.</summary>
    public int StepUpMinutes { get; set; } = 30;

    internal TimeSpan MaximumAge => TimeSpan.FromHours(MaximumHours);

    internal TimeSpan IdleLimit => TimeSpan.FromMinutes(IdleMinutes);

    internal TimeSpan ProofLifetime => TimeSpan.FromMinutes(StepUpMinutes);
}

/// <summary>The demo's people stay out of production, Entra is set up for one tenant, and times are ones that somebody can mean.</summary>
internal sealed class SignInRules(IHostEnvironment environment, IConfiguration configuration) : IValidateOptions<SignInOptions>
{
    public ValidateOptionsResult Validate(string? name, SignInOptions options)
    {
        var failures = ModeFailures(options)
            .Concat(options.Mode == SignInMode.Entra ? EntraFailures() : [])
            .Concat(LimitFailures(options))
            .Concat(
                from id in options.BootstrapManagers
                where id.Split('/') is not [var tenant, var person] || !Guid.TryParse(tenant, out _) || !Guid.TryParse(person, out _)
                select $"SignIn:BootstrapManagers holds '{id}', which isn't of the form tenant/object with two GUIDs. E-mail addresses aren't accepted: they change hands.")
            .ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> ModeFailures(SignInOptions options)
    {
        if (options.Mode == SignInMode.Demo && !environment.IsDevelopment())
        {
            yield return "SignIn:Mode is Demo, which lets anybody sign in as anybody and is refused outside Development. Set SignIn:Mode=Entra and fill in AzureAd.";
        }
    }

    private IEnumerable<string> EntraFailures()
    {
        if (!Uri.TryCreate(Value("Instance"), UriKind.Absolute, out var instance) || instance.Scheme != Uri.UriSchemeHttps)
        {
            yield return "AzureAd:Instance isn't an https address. Set it to https://login.microsoftonline.com/, or to your national cloud's.";
        }

        if (!IsId(Value("TenantId")))
        {
            // "common" and "organizations" would let people of every organisation in the world in.
            yield return "AzureAd:TenantId isn't your tenant's id. Set it to the directory (tenant) id of the app registration, a GUID; names such as common, which let every organisation in, are refused.";
        }

        if (!IsId(Value("ClientId")))
        {
            yield return "AzureAd:ClientId isn't the id of an app registration. Set it to the application (client) id, a GUID.";
        }

        var secret = Value("ClientSecret");
        if (secret.Length == 0 && !Section("ClientCertificates").Exists() && !Section("ClientCredentials").Exists())
        {
            yield return "AzureAd:ClientSecret is missing. Set it (environment variable AzureAd__ClientSecret), or name a certificate in AzureAd:ClientCertificates.";
        }
        else if (secret.StartsWith("set AzureAd", StringComparison.OrdinalIgnoreCase) && !environment.IsDevelopment())
        {
            yield return "AzureAd:ClientSecret is still the example's. Set the app registration's own (environment variable AzureAd__ClientSecret).";
        }
    }

    private static IEnumerable<string> LimitFailures(SignInOptions options)
    {
        if (options.MaximumHours is < 1 or > 24)
        {
            yield return $"SignIn:MaximumHours is {options.MaximumHours}; give 1 to 24.";
        }

        if (options.IdleMinutes is < 5 or > 480)
        {
            yield return $"SignIn:IdleMinutes is {options.IdleMinutes}; give 5 to 480.";
        }

        if (options.StepUpMinutes is < 1 or > 480)
        {
            yield return $"SignIn:StepUpMinutes is {options.StepUpMinutes}; give 1 to 480.";
        }
    }

    private string Value(string key) => Section(key).Value?.Trim() ?? "";

    private IConfigurationSection Section(string key) => configuration.GetSection($"{EntraSignIn.SectionName}:{key}");

    private bool IsId(string value) => Guid.TryParse(value, out var id) && (id != Guid.Empty || environment.IsDevelopment());
}
