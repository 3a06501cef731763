namespace SupportConsole.Features.Users;

internal static class UsersFeature
{
    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.AddSingleton<UserDirectory>();
        return services;
    }
}
