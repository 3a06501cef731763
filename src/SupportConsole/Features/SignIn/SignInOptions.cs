using Microsoft.Extensions.Options;

namespace SupportConsole.Features.SignIn;

/// <summary>How staff prove who they are.</summary>
public enum SignInMode
{
    /// <summary>Pick a demo person. For trying the console out; refused in Production.</summary>
    Demo,

    /// <summary>Microsoft Entra ID, configured by the section <c>AzureAd</c>.</summary>
    Entra,
}

/// <summary>The section <c>SignIn</c>.</summary>
public sealed class SignInOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "SignIn";

    /// <summary>Entra, unless the configuration says Demo.</summary>
    public SignInMode Mode { get; set; } = SignInMode.Entra;

    /// <summary><c>tenant/object</c> ids that become managers at their first sign-in, once.</summary>
    public string[] BootstrapManagers { get; set; } = [];
}

internal sealed class SignInRules(IHostEnvironment environment, IConfiguration configuration) : IValidateOptions<SignInOptions>
{
    private static readonly string[] EntraKeys = ["AzureAd:Instance", "AzureAd:TenantId", "AzureAd:ClientId"];

    public ValidateOptionsResult Validate(string? name, SignInOptions options)
    {
        List<string> failures = [];
        if (options.Mode == SignInMode.Demo && environment.IsProduction())
        {
            failures.Add("SignIn:Mode is Demo, which lets anybody sign in as anybody and is refused in Production. Set SignIn:Mode=Entra and fill in AzureAd.");
        }

        if (options.Mode == SignInMode.Entra)
        {
            failures.AddRange(
                from key in EntraKeys
                where string.IsNullOrWhiteSpace(configuration[key])
                select $"{key} is missing. SignIn:Mode=Entra needs it: take it from the app registration in Microsoft Entra ID.");
        }

        failures.AddRange(
            from id in options.BootstrapManagers
            where id.Split('/') is not [var tenant, var person] || !Guid.TryParse(tenant, out _) || !Guid.TryParse(person, out _)
            select $"SignIn:BootstrapManagers holds '{id}', which isn't of the form tenant/object with two GUIDs. E-mail addresses aren't accepted: they change hands.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
