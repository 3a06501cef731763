using SupportConsole.Access;

namespace SupportConsole.Features.Users;

/// <summary>Finds the app's users and shows what support may know about one.</summary>
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
