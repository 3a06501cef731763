using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Roles;

namespace SupportConsole.Features.SignIn;

/// <summary>
/// Gives the demo people their roles at the first start, before the first page is served unless the database is locked at this moment.
/// Later starts leave what managers changed.
/// </summary>
internal sealed partial class DemoRoles(RoleBook roles, TimeProvider clock, ILogger<DemoRoles> logger) : RecurringWork(TimeSpan.FromSeconds(1), clock)
{
    protected override bool GoesOn => !HasBegun;

    protected override async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (await roles.IsEmptyAsync(cancellationToken))
        {
            await roles.SeedAsync(
                [.. DemoPeople.All.Select(person => (new StaffMember(person.Id, person.Name, person.Email, []), person.Role))],
                "Role of the demo's first start");
        }
    }

    protected override Task WorkAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "The demo's roles couldn't be written down; trying again in a second")]
    protected override partial void LogFailed(Exception failure);
}
