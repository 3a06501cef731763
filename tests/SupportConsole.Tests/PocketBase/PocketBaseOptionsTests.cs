using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.PocketBase;

public sealed class PocketBaseOptionsTests
{
    private static readonly (string Key, string Value)[] s_valid =
    [
        ("Url", "https://api.example.test/pb/"), ("SuperuserEmail", "console@example.test"), ("SuperuserPassword", "a-password"),
    ];

    [Fact]
    public void Address_and_account_are_enough()
    {
        var options = Bind(s_valid);

        Assert.Equal(["users"], options.UserCollections);
        Assert.Equal(8, options.TimeoutSeconds);
    }

    [Fact]
    public void Named_collections_replace_the_default()
    {
        var options = Bind([.. s_valid, ("UserCollections:0", "members"), ("UserCollections:1", "clients")]);

        Assert.Equal(["members", "clients"], options.UserCollections);
    }

    [Fact]
    public void A_static_token_replaces_the_account() =>
        Assert.NotNull(Bind([("Url", "http://127.0.0.1:8090"), ("SuperuserToken", Tokens.Make("i", "c", DateTimeOffset.MaxValue))]));

    [Theory]
    [InlineData("Url", "", "PocketBase:Url is empty")]
    [InlineData("Url", "api.example.test", "PocketBase:Url is 'api.example.test'")]
    [InlineData("Url", "ftp://example.test", "PocketBase:Url is 'ftp://example.test'")]
    [InlineData("Url", "https://root:hunter2@example.test", "PocketBase:Url holds a user name")]
    [InlineData("Url", "https://example.test/?x=1", "PocketBase:Url is 'https://example.test/' and more")]
    [InlineData("SuperuserEmail", "", "PocketBase:SuperuserEmail is empty")]
    [InlineData("SuperuserEmail", "root", "PocketBase:SuperuserEmail is 'root'")]
    [InlineData("SuperuserPassword", "", "PocketBase:SuperuserPassword is empty")]
    [InlineData("SuperuserToken", "hunter2", "PocketBase:SuperuserToken is not a PocketBase token")]
    [InlineData("UserCollections:0", "_superusers", "PocketBase:UserCollections:0 is '_superusers'")]
    [InlineData("UserCollections:0", "_SuperUsers", "PocketBase:UserCollections:0 is '_SuperUsers'")]
    [InlineData("UserCollections:0", "users/../x", "PocketBase:UserCollections:0 is 'users/../x'")]
    [InlineData("TimeoutSeconds", "0", "PocketBase:TimeoutSeconds is 0")]
    public void A_wrong_setting_is_named_with_its_remedy_and_without_secrets(string key, string value, string expected)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Bind([.. s_valid.Where(s => s.Key != key), (key, value)]));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_wrong_is_said_at_once() =>
        Assert.Equal(4, Assert.Throws<OptionsValidationException>(() => Bind([("TimeoutSeconds", "99")])).Failures.Count());

    [Theory]
    [InlineData("Url", "https://api.example.com")]
    [InlineData("Url", "https://API.Example.COM:8443/pb/")]
    [InlineData("Url", "https://example.com")]
    [InlineData("SuperuserEmail", "console@example.com")]
    [InlineData("SuperuserEmail", "support-console@Example.com")]
    [InlineData("SuperuserPassword", "set PocketBase__SuperuserPassword")]
    public void What_was_copied_from_an_example_is_refused_in_production(string key, string value)
    {
        var settings = s_valid.Where(s => s.Key != key).Append((key, value)).ToArray();

        var failure = Assert.Throws<OptionsValidationException>(() => Bind(settings, Environments.Production));

        Assert.StartsWith($"PocketBase:{key} is still ", Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.NotNull(Bind(settings));
    }

    private static PocketBaseOptions Bind((string Key, string Value)[] settings, string environment = "Development")
    {
        var values = settings.ToDictionary(s => "PocketBase:" + s.Key, s => (string?)s.Value);
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .AddSingleton<IHostEnvironment>(new Place(environment, AppContext.BaseDirectory))
            .AddLogging()
            .AddPocketBase()
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<PocketBaseOptions>>().Value;
    }
}
