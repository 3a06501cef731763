using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Demo;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Roles;
using SupportConsole.Features.SignIn;
using SupportConsole.Features.ViewAs;
using SupportConsole.PocketBase;
using SupportConsole.Shell;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Shell;

/// <summary>What the console refuses to start with, and the example that names every option.</summary>
public sealed class ConfigurationTests
{
    private static readonly string Example = Path.Combine(Checkout.Root, "appsettings.example.json");

    [Fact]
    public void The_example_binds_and_validates()
    {
        var builder = Builder(Environments.Production, ExampleValues());
        builder.AddDemo();
        AddAll(builder);
        using var services = builder.Services.BuildServiceProvider();

        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(["users"], services.GetRequiredService<IOptions<PocketBaseOptions>>().Value.UserCollections);
        Assert.Equal(15, services.GetRequiredService<IOptions<ViewAsOptions>>().Value.DefaultMinutes);
    }

    [Theory]
    [InlineData(typeof(LimitsOptions), LimitsOptions.SectionName)]
    [InlineData(typeof(PocketBaseOptions), PocketBaseOptions.SectionName)]
    [InlineData(typeof(SignInOptions), SignInOptions.SectionName)]
    [InlineData(typeof(ViewAsOptions), ViewAsOptions.SectionName)]
    [InlineData(typeof(StorageOptions), StorageOptions.SectionName)]
    public void The_example_names_every_option(Type options, string section)
    {
        var named = new ConfigurationBuilder().AddJsonFile(Example).Build();

        AssertNamed(options, section);

        void AssertNamed(Type type, string path)
        {
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
            {
                var key = $"{path}:{property.Name}";
                if (property.PropertyType == typeof(PostsOptions))
                {
                    AssertNamed(property.PropertyType, key);
                }
                else
                {
                    Assert.True(named.GetSection(key) is var found && (found.Exists() || IsEmptyList(found, property)), $"{key} is missing from the example.");
                }
            }
        }

        // An empty list leaves nothing in the configuration but its key.
        static bool IsEmptyList(IConfigurationSection found, PropertyInfo property) =>
            property.PropertyType != typeof(string) && File.ReadAllText(Example).Contains($"\"{found.Key}\": []", StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_names_nothing_that_is_no_option()
    {
        Dictionary<string, Type> sections = new()
        {
            [LimitsOptions.SectionName] = typeof(LimitsOptions),
            [PocketBaseOptions.SectionName] = typeof(PocketBaseOptions), [SignInOptions.SectionName] = typeof(SignInOptions),
            [ViewAsOptions.SectionName] = typeof(ViewAsOptions), [StorageOptions.SectionName] = typeof(StorageOptions),
        };
        var named = new ConfigurationBuilder().AddJsonFile(Example).Build();

        foreach (var (section, type) in sections)
        {
            Assert.All(named.GetSection(section).GetChildren(), child => Assert.NotNull(type.GetProperty(child.Key)));
        }
    }

    [Fact]
    public void Every_value_of_the_example_is_the_default_where_there_is_one()
    {
        var named = new ConfigurationBuilder().AddJsonFile(Example).Build();

        Assert.Equivalent(new StorageOptions(), named.GetSection(StorageOptions.SectionName).Get<StorageOptions>());
        Assert.Equivalent(new LimitsOptions(), named.GetSection(LimitsOptions.SectionName).Get<LimitsOptions>());
        Assert.Equivalent(new SignInOptions(), named.GetSection(SignInOptions.SectionName).Get<SignInOptions>());
        Assert.Equivalent(new PostsOptions(), named.GetSection("PocketBase:Posts").Get<PostsOptions>());
        var viewAs = named.GetSection(ViewAsOptions.SectionName).Get<ViewAsOptions>()!;
        Assert.Equal(new ViewAsOptions().ToPolicy().Minutes, viewAs.ToPolicy().Minutes);
        viewAs.Durations = [];
        Assert.Equivalent(new ViewAsOptions(), viewAs);
    }

    [Fact]
    public void Every_class_of_options_has_its_rules()
    {
        var builder = Builder(Environments.Production, ExampleValues());
        AddAll(builder);

        var validated = builder.Services.Select(service => service.ServiceType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IValidateOptions<>))
            .Select(type => type.GenericTypeArguments[0]);

        // PostsOptions is a part of PocketBaseOptions and checked with it.
        var options = typeof(App).Assembly.GetTypes().Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type != typeof(PostsOptions));
        Assert.Empty(options.Except(validated));
    }

    [Fact]
    public void A_demo_is_refused_in_production()
    {
        var builder = Builder(Environments.Production, [new("Demo:Enabled", "true")]);

        var refusal = Assert.Throws<DemoUnavailableException>(builder.AddDemo);

        Assert.Contains("Demo:Enabled=false", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SignIn:Mode", "Demo", "SignIn:Mode=Entra")]
    [InlineData("SignIn:BootstrapManagers:0", "boss@corp.example", "tenant/object")]
    [InlineData("SignIn:BootstrapManagers:0", "8d2a51de-0000-4000-8000-000000000001", "tenant/object")]
    [InlineData("AzureAd:ClientId", "", "AzureAd:ClientId is missing")]
    [InlineData("Storage:Provider", "Postgres", "set it to Sqlite")]
    [InlineData("Storage:Provider", "Oracle", "set it to Sqlite")]
    [InlineData("Storage:ConnectionString", "Data Source=:memory:", "names no file")]
    [InlineData("PocketBase:UserCollections:0", "_superusers", "never viewed as")]
    [InlineData("PocketBase:UserCollections:1", "_SuperUsers", "never viewed as")]
    [InlineData("PocketBase:UserCollections:1", "users/records", "name of an auth collection")]
    [InlineData("PocketBase:Url", "", "PocketBase:Url is empty")]
    [InlineData("PocketBase:Url", "ftp://example.com", "absolute http")]
    [InlineData("PocketBase:Posts:Body", "body,password", "made of letters")]
    [InlineData("Limits:SearchesPerMinute", "0", "give 1 to 1000000")]
    [InlineData("Limits:WindowsPerPerson", "-1", "give 1 to 1000000")]
    [InlineData("ViewAs:MaxMinutes", "0", "give 1 to 60")]
    [InlineData("ViewAs:MaxMinutes", "7200", "give 1 to 60")]
    [InlineData("ViewAs:Durations:0", "0", "1 to 60 minutes")]
    [InlineData("ViewAs:Durations:0", "-5", "1 to 60 minutes")]
    [InlineData("ViewAs:DefaultMinutes", "7", "isn't among the time boxes")]
    [InlineData("ViewAs:IdleMinutes", "0", "give 1 to 60")]
    [InlineData("ViewAs:ReasonMinLength", "0", "give 1 to 500")]
    [InlineData("ViewAs:TicketPattern", "(", "regular expression")]
    [InlineData("ViewAs:TicketPattern", "(a)\\1", "regular expression")]
    public void What_can_not_work_is_refused_at_the_start_in_one_sentence(string key, string value, string because)
    {
        var builder = Builder(Environments.Production, ExampleValues());
        builder.Configuration.AddInMemoryCollection([new(key, value)]);
        AddAll(builder);
        using var services = builder.Services.BuildServiceProvider();

        var refusal = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        var sentence = Assert.Single(refusal.Failures);
        Assert.Contains(because, sentence, StringComparison.Ordinal);
        Assert.StartsWith(key.Split(':')[0] + ":", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_longest_time_box_cuts_the_list()
    {
        var policy = new ViewAsOptions { MaxMinutes = 20, Durations = [20, 5, 60, 5] }.ToPolicy();

        Assert.Equal([5, 20], policy.Minutes);
    }

    [Theory]
    [InlineData("SUP-1", true)]
    [InlineData("xSUP-1", false)]
    [InlineData("SUP-1x", false)]
    [InlineData("OPS-1", true)]
    [InlineData("SUP-1\n", false)]
    public void A_ticket_pattern_holds_for_the_whole_ticket(string ticket, bool fits) =>
        Assert.Equal(fits, ViewAsOptions.TicketExpression("SUP-[0-9]|OPS-[0-9]").IsMatch(ticket));

    private static void AddAll(WebApplicationBuilder builder)
    {
        builder.Services.AddStorage();
        builder.Services.AddAudit();
        builder.Services.AddPocketBase();
        builder.Services.AddAccess();
        builder.Services.AddRoles();
        builder.AddSignIn();
        builder.Services.AddViewAs();
    }

    private static KeyValuePair<string, string?>[] ExampleValues() =>
        [.. new ConfigurationBuilder().AddJsonFile(Example).Build().AsEnumerable().Where(pair => pair.Value is not null)];

    private static WebApplicationBuilder Builder(string environment, KeyValuePair<string, string?>[] values)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(values);
        return builder;
    }
}
