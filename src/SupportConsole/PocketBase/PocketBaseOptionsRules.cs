using Microsoft.Extensions.Options;
using SupportConsole.Core.Users;

namespace SupportConsole.PocketBase;

/// <summary>Checks the settings at start and names everything that is wrong at once. No message repeats a secret.</summary>
internal sealed class PocketBaseOptionsRules(IHostEnvironment environment) : IValidateOptions<PocketBaseOptions>
{
    // What says who asks, whom, and in which form.
    private static readonly HashSet<string> s_ownHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Host", "User-Agent", "Accept", "Cookie", "Connection", "Content-Length", "Content-Type", "Transfer-Encoding", "Expect",
        "Upgrade", "TE", "Trailer", "Cache-Control", "Pragma", "Range", "If-None-Match", "If-Modified-Since", "Accept-Encoding", "Proxy-Authorization",
        CompanionScript.ActorHeader, CompanionScript.SessionHeader, CompanionScript.ReadHeader,
    };

    private const string ExampleHost = "example.com";
    private const string ExamplePassword = "set PocketBase__SuperuserPassword";

    public ValidateOptionsResult Validate(string? name, PocketBaseOptions options)
    {
        var failures = UrlFailures(options).Concat(CredentialFailures(options)).Concat(CollectionFailures(options))
            .Concat(FieldFailures(options)).Concat(HeaderFailures(options))
            .Concat(environment.IsDevelopment() ? [] : ExampleFailures(options).Concat(PlainFailures(options))).ToList();
        if (options.TimeoutSeconds is < 1 or > 60)
        {
            failures.Add($"PocketBase:TimeoutSeconds is {options.TimeoutSeconds}: set it to 1 to 60 seconds.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> UrlFailures(PocketBaseOptions options)
    {
        if (options.Url.Length == 0)
        {
            yield return "PocketBase:Url is empty: set it to the server's root address, such as https://api.example.com.";
        }
        else if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return $"PocketBase:Url is '{options.Url}': set it to an absolute http or https address.";
        }
        else if (url.UserInfo.Length > 0)
        {
            // The value isn't repeated here: it holds a password.
            yield return "PocketBase:Url holds a user name: remove it and use PocketBase:SuperuserEmail and PocketBase:SuperuserPassword.";
        }
        else if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            yield return $"PocketBase:Url is '{url.GetLeftPart(UriPartial.Path)}' and more: remove everything from '?' or '#' on.";
        }
    }

    private static IEnumerable<string> CredentialFailures(PocketBaseOptions options)
    {
        if (options.SuperuserToken.Length > 0)
        {
            if (options.SuperuserPassword.Length > 0)
            {
                yield return "PocketBase:SuperuserToken and PocketBase:SuperuserPassword are both set: remove one of them.";
            }

            if (!TokenClaims.TryRead(options.SuperuserToken, out _))
            {
                yield return "PocketBase:SuperuserToken is not a PocketBase token: impersonate the console's superuser once and copy the token it returns.";
            }

            yield break;
        }

        if (options.SuperuserEmail.Length == 0)
        {
            yield return "PocketBase:SuperuserEmail is empty: set it to the console's own superuser account.";
        }
        else if (!options.SuperuserEmail.Contains('@', StringComparison.Ordinal))
        {
            yield return $"PocketBase:SuperuserEmail is '{options.SuperuserEmail}': set it to an e-mail address.";
        }

        if (options.SuperuserPassword.Length == 0)
        {
            yield return "PocketBase:SuperuserPassword is empty: set it (environment variable PocketBase__SuperuserPassword), or set PocketBase:SuperuserToken.";
        }
    }

    /// <summary>What was copied from the example and never filled in; its host belongs to nobody, by RFC 2606.</summary>
    private static IEnumerable<string> ExampleFailures(PocketBaseOptions options)
    {
        if (Uri.TryCreate(options.Url, UriKind.Absolute, out var url)
            && (url.Host == ExampleHost || url.Host.EndsWith($".{ExampleHost}", StringComparison.Ordinal)))
        {
            yield return "PocketBase:Url is still an address of the example's: set it to your server's.";
        }

        if (options.SuperuserEmail.EndsWith($"@{ExampleHost}", StringComparison.OrdinalIgnoreCase))
        {
            yield return "PocketBase:SuperuserEmail is still an address of the example's: set it to the console's own superuser account.";
        }

        if (options.SuperuserPassword == ExamplePassword)
        {
            yield return "PocketBase:SuperuserPassword is still the example's text: set it as the environment variable PocketBase__SuperuserPassword.";
        }
    }

    /// <summary>The superuser's password and everybody's records would be read by whoever is on the way.</summary>
    private static IEnumerable<string> PlainFailures(PocketBaseOptions options)
    {
        if (!options.AllowHttp && Uri.TryCreate(options.Url, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
        {
            yield return $"PocketBase:Url is http to {url.Host}, so the superuser's password and what users see would cross the network readable: use https, "
                + "or, where the network between the two is protected otherwise, set PocketBase:AllowHttp=true.";
        }
    }

    private static IEnumerable<string> CollectionFailures(PocketBaseOptions options) =>
        options.UserCollections.Select((collection, i) => collection switch
        {
            _ when PocketBaseName.IsSuperusers(collection) =>
                $"PocketBase:UserCollections:{i} is '{collection}': remove it, administrators are never viewed as.",
            _ when !PocketBaseName.IsValid(collection) =>
                $"PocketBase:UserCollections:{i} is '{collection}': set it to the name of an auth collection.",
            _ => "",
        }).Where(failure => failure.Length > 0);

    private static IEnumerable<string> FieldFailures(PocketBaseOptions options) =>
        options.UserFields.Select((field, i) => (field, i)).Where(entry => !PocketBaseName.IsValid(entry.field))
            .Select(entry => $"PocketBase:UserFields:{entry.i} is '{entry.field}': set it to a name made of letters, digits, '_' and '-'.");

    private static IEnumerable<string> HeaderFailures(PocketBaseOptions options)
    {
        foreach (var (name, value) in options.RequestHeaders)
        {
            if (s_ownHeaders.Contains(name))
            {
                yield return $"PocketBase:RequestHeaders has '{name}', which the console sets itself: remove it.";
            }
            else if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
            {
                yield return $"PocketBase:RequestHeaders has '{name}': a header's name is made of letters, digits, '-' and '_'.";
            }
            else if (value is null || value.Any(c => c is < ' ' or > '~'))
            {
                // The value isn't repeated here: it may be a secret of the app's.
                yield return $"PocketBase:RequestHeaders:{name} holds a line break or a character beyond ASCII, which a header can't carry.";
            }
        }
    }
}
