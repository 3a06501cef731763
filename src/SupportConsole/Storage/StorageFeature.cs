using Microsoft.Extensions.Options;

namespace SupportConsole.Storage;

/// <summary>The console's own database and key.</summary>
public static class StorageFeature
{
    /// <summary>Registers options, database and keyed hash.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsRules>();
        services.AddSingleton<ConsoleDb>();
        services.AddSingleton<SecretKey>();
        services.AddSingleton<KeyedHash>();
        return services;
    }
}
