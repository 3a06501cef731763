using Microsoft.Extensions.Options;
using SupportConsole.Core.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>Who is told of events over HTTP as they happen (section <c>Audit:Webhook</c>, Standard Webhooks).</summary>
internal sealed class WebhookOptions
{
    public const string SectionName = "Audit:Webhook";

    /// <summary>What is worth waking somebody for.</summary>
    private static readonly string[] s_default =
    [
        AuditEventTypes.SignInFailed, AuditEventTypes.SessionDenied, AuditEventTypes.SessionOpened, AuditEventTypes.SessionTokenRejected, "role.*", "key.*",
        AuditEventTypes.PolicyDenied, AuditEventTypes.AuditIntegrityFailed, AuditEventTypes.AuditKeyChanged, AuditEventTypes.AuditExported, AuditEventTypes.AuditErased, AuditEventTypes.AuditPurged, "system.*",
    ];

    /// <summary>The receiver's address; empty for none. It may hold a secret, so nothing but its host is ever said.</summary>
    public string Url { get; set; } = "";

    /// <summary>The file of the secrets that messages are signed with, one <c>whsec_…</c> a line; each signs, so that one can be replaced.</summary>
    public string SecretFile { get; set; } = "";

    /// <summary>The types that are sent, groups such as <c>role.*</c>, or <c>*</c> for all; empty for what bears on security.</summary>
    public IList<string> Events { get; set; } = [];

    /// <summary>Where it begins when it is new: <c>now</c>, or <c>start</c> for the whole trail.</summary>
    public string From { get; set; } = SinkStart.Now;

    /// <summary>The full path of the file of secrets.</summary>
    public string FileUnder(string contentRoot) => Path.GetFullPath(SecretFile, contentRoot);

    /// <summary>The types that are sent; null for all.</summary>
    public IReadOnlyList<string>? Types() =>
        Events.Contains("*") ? null : [.. (Events.Count > 0 ? Events : s_default).SelectMany(Named).Distinct()];

    /// <summary>The types that one of <see cref="Events"/> names; none where it is no event.</summary>
    public static IEnumerable<string> Named(string asked) => AuditEventTypes.All.Where(type =>
        type == asked || (asked.EndsWith(".*", StringComparison.Ordinal) && type.StartsWith(asked[..^1], StringComparison.Ordinal)));
}

/// <summary>Refuses at start what could only fail later. No sentence repeats the address.</summary>
internal sealed class WebhookOptionsRules(IHostEnvironment environment, FileRights rights) : IValidateOptions<WebhookOptions>
{
    private const string Section = WebhookOptions.SectionName;

    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        List<string> faults = [];
        if (options.Url.Length > 0)
        {
            faults.AddRange(new[] { SinkAddress.RefusalOf($"{Section}:{nameof(options.Url)}", options.Url), RefusalOfSecrets(options) }.OfType<string>());
        }

        faults.AddRange(options.Events.Where(asked => asked != "*" && !WebhookOptions.Named(asked).Any()).Select(asked =>
            $"{Section}:{nameof(options.Events)} has '{asked}', which is no event: write a type such as role.granted, a group such as role.*, or *."));
        if (SinkStart.RefusalOf($"{Section}:{nameof(options.From)}", options.From) is { } from)
        {
            faults.Add(from);
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private string? RefusalOfSecrets(WebhookOptions options)
    {
        const string key = $"{Section}:{nameof(options.SecretFile)}";
        if (options.SecretFile.Length == 0)
        {
            return $"{key} is empty: name a file, of mode 600, with the receiver's secret (echo whsec_$(openssl rand -base64 32)).";
        }

        var file = options.FileUnder(environment.ContentRootPath);
        try
        {
            _ = WebhookSecrets.In(file);
            return environment.IsDevelopment() ? null : rights.RefusalOf(file, key);
        }
        catch (SinkException refusal)
        {
            return $"{key}: {refusal.ForLog}.";
        }
    }
}
