using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace SupportConsole.Storage;

/// <summary>The console's own database, its key, and the key ring of the framework.</summary>
public static class StorageFeature
{
    /// <summary>Registers options, database, its writer, keyed hash and key ring.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsRules>();
        services.AddSingleton<FileRights>();
        services.AddSingleton<ConsoleDb>();
        services.AddSingleton<ConsoleWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<ConsoleWriter>());
        services.AddSingleton<SecretKey>();
        services.AddSingleton<KeyedHash>();
        return services.AddKeyRing();
    }

    /// <summary>Keeps the keys of cookies and forms in a folder of the console's own, whatever account or checkout it runs from.</summary>
    private static IServiceCollection AddKeyRing(this IServiceCollection services)
    {
        services.AddOptions<KeyRingOptions>().BindConfiguration(KeyRingOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<KeyRingOptions>, KeyRingRules>();
        services.AddDataProtection().SetApplicationName("SupportConsole");
        services.AddOptions<KeyManagementOptions>().Configure<IOptions<KeyRingOptions>, IHostEnvironment, ILoggerFactory>(
            (keys, ring, environment, logs) =>
            {
                var folder = ring.Value.FolderUnder(environment.ContentRootPath);
                PrivateFile.MakeFolder(folder);
                keys.XmlRepository = new FileSystemXmlRepository(new DirectoryInfo(folder), logs);
            });
        return services;
    }
}
