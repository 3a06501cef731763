using SupportConsole.Access;
using SupportConsole.Features.Audit.Erasing;

namespace SupportConsole.Features.Roles;

/// <summary>Who holds which role: the answer to every question about rights.</summary>
internal static class RolesFeature
{
    public static IServiceCollection AddRoles(this IServiceCollection services)
    {
        services.AddSingleton<RoleBook>();
        services.AddSingleton<IStaffRights>(provider => provider.GetRequiredService<RoleBook>());
        services.AddSingleton<IPersonalRecords, StaffRecords>();
        services.AddSingleton<RoleHistory>();
        services.AddHostedService<RoleExpiry>();
        return services;
    }
}
