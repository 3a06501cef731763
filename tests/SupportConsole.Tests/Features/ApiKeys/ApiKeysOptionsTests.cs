using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Features.ApiKeys;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.ApiKeys;

public sealed class ApiKeysOptionsTests
{
    [Fact]
    public void Nothing_has_to_be_set()
    {
        var options = Bind();

        Assert.Equal(("service_accounts", 365, ""), (options.Collection, options.MaxDays, options.SuperuserAccount));
        Assert.Equal(new KeyPolicy(365, SuperuserKeys: false), options.ToPolicy());
    }

    [Fact]
    public void A_superuser_set_aside_switches_superuser_keys_on() =>
        Assert.True(Bind(("ApiKeys:SuperuserAccount", "keys@example.test")).ToPolicy().SuperuserKeys);

    [Theory]
    [InlineData("1")]
    [InlineData("90")]
    [InlineData("3650")]
    public void A_longest_life_may_be_a_day_or_ten_years(string days) =>
        Assert.Equal(days, Bind(("ApiKeys:MaxDays", days)).MaxDays.ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("Collection", "", "ApiKeys:Collection is ''")]
    [InlineData("Collection", "_superusers", "ApiKeys:Collection is '_superusers'")]
    [InlineData("Collection", "_SuperUsers", "ApiKeys:Collection is '_SuperUsers'")]
    [InlineData("Collection", "keys/../users", "ApiKeys:Collection is 'keys/../users'")]
    [InlineData("Collection", "keys?x=1", "ApiKeys:Collection is 'keys?x=1'")]
    [InlineData("Collection", "users", "ApiKeys:Collection is 'users', which PocketBase:UserCollections holds too")]
    [InlineData("Collection", "Users", "ApiKeys:Collection is 'Users', which PocketBase:UserCollections holds too")]
    [InlineData("MaxDays", "0", "ApiKeys:MaxDays is 0; give 1 to 3650")]
    [InlineData("MaxDays", "-1", "ApiKeys:MaxDays is -1; give 1 to 3650")]
    [InlineData("MaxDays", "3651", "ApiKeys:MaxDays is 3651; give 1 to 3650")]
    [InlineData("MaxDays", "2147483647", "ApiKeys:MaxDays is 2147483647; give 1 to 3650")]
    [InlineData("SuperuserAccount", "root", "ApiKeys:SuperuserAccount isn't an e-mail address")]
    [InlineData("SuperuserAccount", "@", "ApiKeys:SuperuserAccount isn't an e-mail address")]
    [InlineData("SuperuserAccount", "a@b@c", "ApiKeys:SuperuserAccount isn't an e-mail address")]
    [InlineData("SuperuserAccount", "keys@example.test' || 1=1 || '", "ApiKeys:SuperuserAccount isn't an e-mail address")]
    [InlineData("SuperuserAccount", "x'@example.test", "ApiKeys:SuperuserAccount isn't an e-mail address")]
    [InlineData("SuperuserAccount", "x\"@example.test", "ApiKeys:SuperuserAccount isn't an e-mail address")]
    [InlineData("SuperuserAccount", "x\\@example.test", "ApiKeys:SuperuserAccount isn't an e-mail address")]
    [InlineData("SuperuserAccount", "x\n@example.test", "ApiKeys:SuperuserAccount isn't an e-mail address")]
    [InlineData("SuperuserAccount", "console@example.test", "ApiKeys:SuperuserAccount is the console's own superuser")]
    [InlineData("SuperuserAccount", "Console@Example.Test", "ApiKeys:SuperuserAccount is the console's own superuser")]
    public void A_wrong_setting_is_named_with_its_remedy(string key, string value, string expected)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Bind(("ApiKeys:" + key, value)));

        Assert.StartsWith(expected, Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.EndsWith(".", failure.Failures.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Collections_of_users_that_replace_the_default_are_looked_at()
    {
        Assert.Equal("users", Bind(("PocketBase:UserCollections:0", "members"), ("ApiKeys:Collection", "users")).Collection);
        Assert.Throws<OptionsValidationException>(() => Bind(("PocketBase:UserCollections:0", "members"), ("ApiKeys:Collection", "members")));
    }

    [Fact]
    public void Everything_wrong_is_said_at_once() =>
        Assert.Equal(3, Assert.Throws<OptionsValidationException>(
            () => Bind(("ApiKeys:Collection", ""), ("ApiKeys:MaxDays", "0"), ("ApiKeys:SuperuserAccount", "root"))).Failures.Count());

    [Fact]
    public void What_is_wrong_with_PocketBase_is_said_there() =>
        Assert.Equal(365, Bind(("PocketBase:Url", "")).MaxDays);

    [Fact]
    public void The_example_file_passes() =>
        Assert.DoesNotContain(
            StartRules.RefusalsOf(StartRules.Compose("Development", StartRules.FilledInValues())), refusal => refusal.StartsWith("ApiKeys:", StringComparison.Ordinal));

    private static ApiKeysOptions Bind(params (string Key, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>
        {
            ["PocketBase:Url"] = "https://api.example.test",
            ["PocketBase:SuperuserEmail"] = "console@example.test",
            ["PocketBase:SuperuserPassword"] = "a-password",
        };
        foreach (var (key, value) in settings)
        {
            values[key] = value;
        }

        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .AddSingleton<IHostEnvironment>(new Place("Development", AppContext.BaseDirectory))
            .AddLogging()
            .AddPocketBase()
            .AddApiKeys()
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<ApiKeysOptions>>().Value;
    }
}
