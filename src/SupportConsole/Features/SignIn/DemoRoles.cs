using SupportConsole.Core;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Roles;

namespace SupportConsole.Features.SignIn;

/// <summary>Gives the demo people their roles at the first start. Later starts leave what managers changed.</summary>
internal sealed partial class DemoRoles(RoleBook roles, TimeProvider clock, ILogger<DemoRoles> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private bool _given;

    /// <summary>Before the first page is served, unless the database is locked at this moment.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!_given)
        {
            await Task.Delay(Pause, clock, stoppingToken);
            await TryAsync(stoppingToken);
        }
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await roles.IsEmptyAsync(cancellationToken))
            {
                await roles.SeedAsync(
                    [.. DemoPeople.All.Select(person => (new StaffMember(person.Id, person.Name, person.Email, []), person.Role))],
                    "Role of the demo's first start");
            }

            _given = true;
        }
        catch (ExplainedException failure)
        {
            LogNotGiven(failure);
        }
    }

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "The demo's roles couldn't be written down; trying again in a second")]
    private partial void LogNotGiven(Exception failure);
}
