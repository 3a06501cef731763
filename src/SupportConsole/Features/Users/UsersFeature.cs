using SupportConsole.Access;

namespace SupportConsole.Features.Users;

internal static class UsersFeature
{
    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.AddSingleton<UserSearch>();
        services.AddSingleton<UserDirectory>();
        services.AddSingleton<IUserFinder>(provider => provider.GetRequiredService<UserDirectory>());
        return services;
    }
}
