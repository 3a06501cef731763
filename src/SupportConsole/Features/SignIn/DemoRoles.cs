using SupportConsole.Core.Staff;
using SupportConsole.Features.Roles;

namespace SupportConsole.Features.SignIn;

/// <summary>Gives the demo people their roles at the first start. Later starts leave what managers changed.</summary>
internal sealed class DemoRoles(RoleBook roles) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await roles.IsEmptyAsync(cancellationToken))
        {
            return;
        }

        await roles.SeedAsync(
            [.. DemoPeople.All.Select(person => (new StaffMember(person.Id, person.Name, person.Email, []), person.Role))],
            "Role of the demo's first start");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
