using Microsoft.Extensions.Options;
using static SupportConsole.Hosting.KnownVulnerabilities;

namespace SupportConsole.Hosting;

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
