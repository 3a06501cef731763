using Microsoft.Extensions.Options;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys;

/// <summary>The section <c>ApiKeys</c>: where keys live and how long.</summary>
internal sealed class ApiKeysOptions
{
    public const string SectionName = "ApiKeys";

    /// <summary>The auth collection of the service accounts, one a key.</summary>
    public string Collection { get; set; } = "service_accounts";

    /// <summary>The longest life of a key, in days; 1 to 3650.</summary>
    public int MaxDays { get; set; } = 365;

    /// <summary>
    /// The e-mail address of the one superuser that superuser keys are made for, used by nothing else; empty switches superuser keys
    /// off.
    /// </summary>
    public string SuperuserAccount { get; set; } = "";

    /// <summary>The same as the rules take it.</summary>
    public KeyPolicy ToPolicy() => new(MaxDays, SuperuserAccount.Length > 0);
}

/// <summary>Keeps service accounts apart from people, from PocketBase's own collections and from the console's superuser.</summary>
internal sealed class ApiKeysOptionsRules(IOptions<PocketBaseOptions> pocketBase) : IValidateOptions<ApiKeysOptions>
{
    // A year is 365 days here; ten of them is longer than anybody remembers what a key was for.
    private const int MostDays = 3650;

    public ValidateOptionsResult Validate(string? name, ApiKeysOptions options)
    {
        List<string> failures = [];
        // An id would get past comparisons by name, and names with an underscore before them are PocketBase's own collections.
        if (!PocketBaseName.IsValid(options.Collection) || options.Collection[0] == '_' || options.Collection.StartsWith("pbc_", StringComparison.Ordinal))
        {
            failures.Add($"ApiKeys:Collection is '{options.Collection}'; name an auth collection of the app's own for service accounts, such as service_accounts.");
        }
        else if (Configured?.Mentions(options.Collection) == true)
        {
            failures.Add($"ApiKeys:Collection is '{options.Collection}', which PocketBase:UserCollections holds too; people and service accounts need collections of their own.");
        }

        if (options.MaxDays is < 1 or > MostDays)
        {
            failures.Add($"ApiKeys:MaxDays is {options.MaxDays}; give 1 to {MostDays}.");
        }

        if (options.SuperuserAccount is { Length: > 0 } account && !IsAddress(account))
        {
            failures.Add("ApiKeys:SuperuserAccount isn't an e-mail address; name the superuser set aside for superuser keys, or leave it empty to switch them off.");
        }
        else if (options.SuperuserAccount.Length > 0
            && string.Equals(options.SuperuserAccount, Configured?.SuperuserEmail, StringComparison.OrdinalIgnoreCase))
        {
            failures.Add("ApiKeys:SuperuserAccount is the console's own superuser; revoking such a key would lock the console out. Name another superuser that is used by nothing else.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    // What is wrong with the other section is said there.
    private PocketBaseOptions? Configured
    {
        get
        {
            try
            {
                return pocketBase.Value;
            }
            catch (OptionsValidationException)
            {
                return null;
            }
        }
    }

    // It goes into a filter as it is, so nothing that could end a literal may be in it.
    private static bool IsAddress(string text) =>
        text.Split('@') is [{ Length: > 0 }, { Length: > 0 }] && text.All(c => !char.IsControl(c) && !char.IsWhiteSpace(c) && c is not ('\'' or '"' or '\\'));
}
