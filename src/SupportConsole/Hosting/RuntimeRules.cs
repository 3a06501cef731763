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

/// <summary>Says at the start in the log what the runtime lacks, where that doesn't refuse the start.</summary>
internal sealed partial class RuntimeNotice(IOptions<RuntimeVersions> versions, ILogger<RuntimeNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var (refusal, warning) = Judge(versions.Value.Runtime, versions.Value.AspNetCore);
        if ((refusal ?? warning) is { } words)
        {
            LogRuntime(words);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 8004, Level = LogLevel.Warning, Message = "{Words}")]
    private partial void LogRuntime(string words);
}
