using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace SupportConsole.PocketBase;

/// <summary>Registers the adapter to PocketBase.</summary>
internal static class PocketBaseFeature
{
    /// <summary>All singletons: one connection pool, one sign-in, one memory of what the server is like.</summary>
    public static IServiceCollection AddPocketBase(this IServiceCollection services)
    {
        services.AddOptions<PocketBaseOptions>()
            .BindConfiguration(PocketBaseOptions.SectionName)
            .PostConfigure(options =>
            {
                if (options.UserCollections.Count == 0)
                {
                    options.UserCollections = ["users"];
                }
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<PocketBaseOptions>, PocketBaseOptionsRules>();

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<PocketBaseTransport>();
        services.AddSingleton<SuperuserSession>();
        services.AddSingleton<SuperuserRequests>();
        services.AddSingleton<CompanionHook>();
        services.AddSingleton<CompanionTrial>();
        services.AddSingleton<UserCollections>();
        services.AddSingleton<SuperuserClient>();
        services.AddSingleton<ServiceAccounts>();
        services.AddSingleton<RequestLog>();
        services.AddSingleton<SetUpReader>();
        services.AddHostedService<EarlySignIn>();
        return services;
    }
}
