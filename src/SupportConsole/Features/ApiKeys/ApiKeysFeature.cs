using Microsoft.Extensions.Options;
using SupportConsole.Features.ApiKeys.Ending;
using SupportConsole.Features.ApiKeys.Inventory;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.Features.Audit.Erasing;

namespace SupportConsole.Features.ApiKeys;

/// <summary>Keys for programs: made, shown once, watched over, and ended with a proof.</summary>
internal static class ApiKeysFeature
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddOptions<ApiKeysOptions>().BindConfiguration(ApiKeysOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiKeysOptions>, ApiKeysOptionsRules>();
        services.AddSingleton<KeyChanges>();
        services.AddSingleton<KeyBook>();
        services.AddSingleton<IPersonalRecords, KeyRecords>();
        services.AddSingleton<KeyGate>();
        services.AddSingleton<KeyReach>();
        services.AddSingleton<KeyEndings>();
        services.AddSingleton<KeyReturns>();
        services.AddSingleton<KeyRules>();
        services.AddSingleton<ForeignKeys>();
        services.AddSingleton<KeyMaker>();
        services.AddSingleton<SuperuserKeys>();
        services.AddSingleton<KeySuspension>();
        services.AddSingleton<KeyRevoker>();
        services.AddSingleton<KeyEmergency>();
        services.AddSingleton<KeyInventory>();
        services.AddSingleton<KeysCommand>();
        services.AddSingleton<KeyKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyKeeper>());
        services.AddHostedService<RevokedKeyWatch>();
        return services;
    }
}
