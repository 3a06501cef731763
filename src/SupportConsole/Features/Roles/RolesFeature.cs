using SupportConsole.Access;

namespace SupportConsole.Features.Roles;

internal static class RolesFeature
{
    public static IServiceCollection AddRoles(this IServiceCollection services)
    {
        services.AddSingleton<RoleBook>();
        services.AddSingleton<IStaffRights>(provider => provider.GetRequiredService<RoleBook>());
        services.AddHostedService<RoleExpiry>();
        return services;
    }
}
