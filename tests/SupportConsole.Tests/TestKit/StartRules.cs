using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SupportConsole.Tests.TestKit;

/// <summary>What the console says to a configuration before it starts, without starting it.</summary>
internal static class StartRules
{
    public static string ExampleFile { get; } = Path.Combine(Checkout.Root, "appsettings.example.json");

    public static Dictionary<string, string?> ExampleValues() => new(
        new ConfigurationBuilder().AddJsonFile(ExampleFile).Build().AsEnumerable().Where(pair => pair.Value is not null), StringComparer.OrdinalIgnoreCase);

    /// <summary>The example as an operator fills it in: behind a proxy on the same machine.</summary>
    public static Dictionary<string, string?> FilledInValues() => new(ExampleValues(), StringComparer.OrdinalIgnoreCase)
    {
        ["PocketBase:Url"] = "https://api.corp.test",
        ["PocketBase:SuperuserEmail"] = "console@corp.test",
        ["PocketBase:SuperuserPassword"] = "hunter2-and-more",
        ["AzureAd:TenantId"] = "8d2a51de-5c1c-4a3e-9b52-3c1f5e6a7b01",
        ["AzureAd:ClientId"] = "0f4b9c1d-7a6e-4d35-8c2b-1a9d8e7f6c02",
        ["AzureAd:ClientSecret"] = "swordfish-of-the-registration",
        ["AllowedHosts"] = "console.corp.test",
        ["Proxy:Trusted:0"] = "127.0.0.1",
    };

    public static WebApplicationBuilder Compose(string environment, IEnumerable<KeyValuePair<string, string?>> values, string? contentRoot = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment, ContentRootPath = contentRoot });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(values);
        builder.AddConsole();
        return builder;
    }

    /// <summary>Every reason for which it doesn't start; none when it does.</summary>
    public static IReadOnlyList<string> RefusalsOf(WebApplicationBuilder builder)
    {
        using var services = builder.Services.BuildServiceProvider();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException refusal)
        {
            return [.. refusal.Failures];
        }
        catch (AggregateException refusals)
        {
            return [.. refusals.InnerExceptions.Cast<OptionsValidationException>().SelectMany(refusal => refusal.Failures)];
        }
    }
}
