using Microsoft.Extensions.Options;
using SupportConsole.Storage;

namespace SupportConsole.Hosting;

/// <summary>The settings files that hold a secret, whether or not another source overrides it.</summary>
internal sealed class SettingsFiles
{
    private static readonly string[] SecretEndings = ["Password", "Secret", "Token", "Base64EncodedValue"];

    /// <summary>Each file with the keys of its secrets; empty values are none.</summary>
    public IReadOnlyDictionary<string, string[]> Secrets { get; private set; } = new Dictionary<string, string[]>();

    public void Find(IConfiguration configuration) =>
        Secrets = (from provider in ((IConfigurationRoot)configuration).Providers.OfType<FileConfigurationProvider>()
                   let file = provider.Source.FileProvider?.GetFileInfo(provider.Source.Path ?? "").PhysicalPath
                   where file is not null
                   from key in KeysOf(provider, null)
                   where SecretEndings.Any(ending => key.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                       && provider.TryGet(key, out var value) && !string.IsNullOrEmpty(value)
                   group key by file).ToDictionary(found => found.Key, found => found.ToArray());

    private static IEnumerable<string> KeysOf(IConfigurationProvider provider, string? parent) =>
        from child in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase)
        let key = parent is null ? child : ConfigurationPath.Combine(parent, child)
        from found in KeysOf(provider, key).Prepend(key)
        select found;
}

/// <summary>Outside Development a file that holds a secret is its owner's alone.</summary>
internal sealed class SettingsFilesRules(IHostEnvironment environment, FileRights rights) : IValidateOptions<SettingsFiles>
{
    public ValidateOptionsResult Validate(string? name, SettingsFiles options)
    {
        List<string> exposed = environment.IsDevelopment()
            ? []
            : [.. options.Secrets.Select(file => rights.RefusalOf(file.Key, string.Join(", ", file.Value))).OfType<string>()];
        return exposed.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(exposed);
    }
}
