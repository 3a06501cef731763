using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.PocketBase;

namespace SupportConsole.Hosting;

/// <summary>
/// Ready means that the settings fit the app: collections that are named are there and hold users, and policy's filters can be judged.
/// What doesn't keep anybody from working is said all the same.
/// </summary>
internal sealed partial class AppFit(
    UserCollections collections, ProtectedUsers protectedUsers, AppPosts appPosts, TimeProvider clock, ILogger<AppFit> logger) : SharedCheck(clock)
{
    private string _said = "";

    protected override async Task<HealthCheckResult> LookAsync()
    {
        HealthCheckResult result;
        try
        {
            result = await JudgeAsync();
        }
        catch (PocketBaseProblem problem)
        {
            result = HealthCheckResult.Unhealthy(problem.Message);
        }

        // Once for as long as it stays so: readiness is asked all the time.
        if (Interlocked.Exchange(ref _said, result.Description ?? "") != (result.Description ?? "") && result.Description is { } description)
        {
            LogMisfit(description);
        }

        return result;
    }

    private async Task<HealthCheckResult> JudgeAsync()
    {
        var learnt = await collections.LearnAsync(Caller.Console, CancellationToken.None);
        string[] inTheWay = [.. learnt.Misfits, .. await protectedUsers.MisfitsAsync(CancellationToken.None)];
        if (inTheWay.Length > 0)
        {
            return HealthCheckResult.Unhealthy(string.Join('\n', inTheWay));
        }

        var posts = await appPosts.LearnAsync(Caller.Console, CancellationToken.None);
        string[] besides = posts is null ? [appPosts.Missing] : [.. posts.Misfits];
        return besides.Length > 0 ? HealthCheckResult.Degraded(string.Join('\n', besides)) : HealthCheckResult.Healthy();
    }

    [LoggerMessage(EventId = 9010, Level = LogLevel.Warning, Message = "The settings don't fit the app: {Misfits}")]
    private partial void LogMisfit(string misfits);
}
