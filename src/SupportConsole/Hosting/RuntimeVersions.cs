using Microsoft.Extensions.Options;
using static SupportConsole.Hosting.KnownVulnerabilities;

namespace SupportConsole.Hosting;

/// <summary>The versions of the framework that the process runs on.</summary>
internal sealed class RuntimeVersions
{
    public string Runtime { get; set; } = VersionOf(Framework.Runtime);

    public string AspNetCore { get; set; } = VersionOf(Framework.AspNetCore);
}

/// <summary>Outside Development, refuses a runtime that strangers can break.</summary>
internal sealed class RuntimeRules(IHostEnvironment environment) : IValidateOptions<RuntimeVersions>
{
    public ValidateOptionsResult Validate(string? name, RuntimeVersions options) =>
        Judge(options.Runtime, options.AspNetCore).Refusal is { } refusal && !environment.IsDevelopment()
            ? ValidateOptionsResult.Fail(refusal)
            : ValidateOptionsResult.Success;
}
