namespace SupportConsole.PocketBase;

/// <summary>
/// Signs the console in to PocketBase while the rest of it starts, so that the first agent doesn't wait for it. A PocketBase that
/// isn't there yet keeps nothing from starting: whoever needs it asks again.
/// </summary>
internal sealed partial class EarlySignIn(SuperuserClient superuser, ILogger<EarlySignIn> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await superuser.GrammarAsync(stoppingToken);
        }
        catch (PocketBaseProblem problem)
        {
            LogNotYet(problem, problem.Kind);
        }
    }

    [LoggerMessage(EventId = 6030, Level = LogLevel.Warning, Message = "PocketBase doesn't answer the console yet: {Kind}")]
    private partial void LogNotYet(Exception problem, PocketBaseProblemKind kind);
}
