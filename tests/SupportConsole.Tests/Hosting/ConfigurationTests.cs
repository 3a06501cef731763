using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Demo;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Features.Audit.Shipping;
using SupportConsole.Features.SignIn;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Posts;
using SupportConsole.Hosting;
using SupportConsole.PocketBase;
using SupportConsole.Site;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Hosting;

/// <summary>What the console refuses to start with, and the example that names every option.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public void The_example_binds_and_validates()
    {
        var builder = StartRules.Compose(Environments.Development, StartRules.ExampleValues());
        using var services = builder.Services.BuildServiceProvider();

        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(["users"], services.GetRequiredService<IOptions<PocketBaseOptions>>().Value.UserCollections);
        Assert.Equal(15, services.GetRequiredService<IOptions<ViewAsOptions>>().Value.DefaultMinutes);
    }

    [Fact]
    public void In_production_the_example_is_refused_with_what_to_fill_in()
    {
        using var folder = new LastingFolder();

        var refusals = StartRules.RefusalsOf(StartRules.Compose(Environments.Production, StartRules.ExampleValues(), folder.Path));

        Assert.Equal(
            ["AllowedHosts", "PocketBase:SuperuserEmail", "PocketBase:SuperuserPassword", "PocketBase:Url", "Proxy:Trusted"],
            refusals.Select(refusal => refusal.Split(' ')[0]).Where(key => !key.StartsWith("AzureAd:", StringComparison.Ordinal)).Order());
    }

    [Theory]
    [InlineData(typeof(LimitsOptions), LimitsOptions.SectionName)]
    [InlineData(typeof(PocketBaseOptions), PocketBaseOptions.SectionName)]
    [InlineData(typeof(SignInOptions), SignInOptions.SectionName)]
    [InlineData(typeof(ViewAsOptions), ViewAsOptions.SectionName)]
    [InlineData(typeof(PostsOptions), PostsOptions.SectionName)]
    [InlineData(typeof(StorageOptions), StorageOptions.SectionName)]
    [InlineData(typeof(KeyRingOptions), KeyRingOptions.SectionName)]
    [InlineData(typeof(ProxyOptions), ProxyOptions.SectionName)]
    [InlineData(typeof(HostingOptions), HostingOptions.SectionName)]
    [InlineData(typeof(DemoOptions), DemoOptions.SectionName)]
    [InlineData(typeof(AuditOptions), AuditOptions.SectionName)]
    [InlineData(typeof(MirrorOptions), MirrorOptions.SectionName)]
    [InlineData(typeof(WebhookOptions), WebhookOptions.SectionName)]
    [InlineData(typeof(OtlpOptions), OtlpOptions.SectionName)]
    public void The_example_names_every_option(Type options, string section)
    {
        var named = new ConfigurationBuilder().AddJsonFile(StartRules.ExampleFile).Build();

        Assert.All(options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite), property =>
        {
            var found = named.GetSection($"{section}:{property.Name}");
            Assert.True(found.Exists() || IsEmptyList(found, property), $"{found.Path} is missing from the example.");
        });

        // An empty list, or an empty object, leaves nothing in the configuration but its key.
        static bool IsEmptyList(IConfigurationSection found, PropertyInfo property) =>
            property.PropertyType != typeof(string)
            && new[] { "[]", "{}" }.Any(empty => File.ReadAllText(StartRules.ExampleFile).Contains($"\"{found.Key}\": {empty}", StringComparison.Ordinal));
    }

    [Fact]
    public void The_example_names_nothing_that_is_no_option()
    {
        Dictionary<string, Type> sections = new()
        {
            [LimitsOptions.SectionName] = typeof(LimitsOptions),
            [PocketBaseOptions.SectionName] = typeof(PocketBaseOptions), [SignInOptions.SectionName] = typeof(SignInOptions),
            [ViewAsOptions.SectionName] = typeof(ViewAsOptions), [PostsOptions.SectionName] = typeof(PostsOptions), [StorageOptions.SectionName] = typeof(StorageOptions),
            [KeyRingOptions.SectionName] = typeof(KeyRingOptions), [ProxyOptions.SectionName] = typeof(ProxyOptions),
            [HostingOptions.SectionName] = typeof(HostingOptions),
            [DemoOptions.SectionName] = typeof(DemoOptions), [AuditOptions.SectionName] = typeof(AuditOptions),
            [MirrorOptions.SectionName] = typeof(MirrorOptions), [WebhookOptions.SectionName] = typeof(WebhookOptions), [OtlpOptions.SectionName] = typeof(OtlpOptions),
        };
        var named = new ConfigurationBuilder().AddJsonFile(StartRules.ExampleFile).Build();

        foreach (var (section, type) in sections)
        {
            Assert.All(
                named.GetSection(section).GetChildren().Where(child => !sections.ContainsKey(child.Path)),
                child => Assert.NotNull(type.GetProperty(child.Key)));
        }
    }

    [Fact]
    public void Every_value_of_the_example_is_the_default_where_there_is_one()
    {
        var named = new ConfigurationBuilder().AddJsonFile(StartRules.ExampleFile).Build();

        Assert.Equivalent(new StorageOptions(), named.GetSection(StorageOptions.SectionName).Get<StorageOptions>());
        Assert.Equivalent(new LimitsOptions(), named.GetSection(LimitsOptions.SectionName).Get<LimitsOptions>());
        Assert.Equivalent(new SignInOptions(), named.GetSection(SignInOptions.SectionName).Get<SignInOptions>());
        Assert.Equivalent(new PostsOptions(), named.GetSection(PostsOptions.SectionName).Get<PostsOptions>());
        Assert.Equivalent(new HostingOptions(), named.GetSection(HostingOptions.SectionName).Get<HostingOptions>());
        Assert.Equivalent(new KeyRingOptions(), named.GetSection(KeyRingOptions.SectionName).Get<KeyRingOptions>());
        Assert.Equivalent(new AuditOptions(), named.GetSection(AuditOptions.SectionName).Get<AuditOptions>());
        Assert.Equivalent(new MirrorOptions(), named.GetSection(MirrorOptions.SectionName).Get<MirrorOptions>());
        Assert.Equivalent(new WebhookOptions(), named.GetSection(WebhookOptions.SectionName).Get<WebhookOptions>());
        Assert.Equivalent(new OtlpOptions(), named.GetSection(OtlpOptions.SectionName).Get<OtlpOptions>());
        Assert.Empty(named.GetSection(ProxyOptions.SectionName).Get<ProxyOptions>()?.Trusted ?? []);
        var viewAs = named.GetSection(ViewAsOptions.SectionName).Get<ViewAsOptions>()!;
        Assert.Equal(new ViewAsOptions().ToPolicy().Minutes, viewAs.ToPolicy().Minutes);
        viewAs.Durations = [];
        Assert.Equivalent(new ViewAsOptions(), viewAs);
    }

    [Fact]
    public void Every_class_of_options_has_its_rules()
    {
        var builder = StartRules.Compose(Environments.Development, StartRules.ExampleValues());

        var validated = builder.Services.Select(service => service.ServiceType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IValidateOptions<>))
            .Select(type => type.GenericTypeArguments[0]);

        var options = typeof(App).Assembly.GetTypes().Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal));
        Assert.Empty(options.Except(validated));
    }

    [Theory]
    [InlineData("SignIn:Mode", "Demo", "SignIn:Mode=Entra")]
    [InlineData("SignIn:BootstrapManagers:0", "boss@corp.example", "tenant/object")]
    [InlineData("SignIn:BootstrapManagers:0", "8d2a51de-0000-4000-8000-000000000001", "tenant/object")]
    [InlineData("SignIn:MaximumHours", "0", "give 1 to 24")]
    [InlineData("SignIn:IdleMinutes", "481", "give 5 to 480")]
    [InlineData("SignIn:StepUpMinutes", "-1", "give 1 to 480")]
    [InlineData("AzureAd:ClientId", "", "isn't the id of an app registration")]
    [InlineData("AzureAd:ClientId", "support-console", "isn't the id of an app registration")]
    [InlineData("AzureAd:TenantId", "common", "let every organisation in")]
    [InlineData("AzureAd:TenantId", "corp.example", "a GUID")]
    [InlineData("AzureAd:TenantId", "00000000-0000-0000-0000-000000000000", "a GUID")]
    [InlineData("AzureAd:Instance", "http://login.microsoftonline.com/", "https address")]
    [InlineData("AzureAd:Instance", "", "https address")]
    [InlineData("AzureAd:ClientSecret", "", "AzureAd__ClientSecret")]
    [InlineData("AzureAd:ClientSecret", "set AzureAd__ClientSecret", "still the example's")]
    [InlineData("Storage:Provider", "Postgres", "set it to Sqlite")]
    [InlineData("Storage:Provider", "Oracle", "set it to Sqlite")]
    [InlineData("Storage:ConnectionString", "Data Source=:memory:", "names no file")]
    [InlineData("PocketBase:UserCollections:0", "_superusers", "never viewed as")]
    [InlineData("PocketBase:UserCollections:1", "_SuperUsers", "never viewed as")]
    [InlineData("PocketBase:UserCollections:1", "users/records", "name of an auth collection")]
    [InlineData("PocketBase:Url", "", "PocketBase:Url is empty")]
    [InlineData("PocketBase:Url", "ftp://api.corp.test", "absolute http")]
    [InlineData("Hosting:PathBase", "support", "such as /support")]
    [InlineData("Hosting:PathBase", "//evil.example", "such as /support")]
    [InlineData("Hosting:PathBase", "/support/../x", "such as /support")]
    [InlineData("Hosting:PathBase", "/sup port", "such as /support")]
    [InlineData("Hosting:PathBase", "/support;Domain=corp.test", "such as /support")]
    [InlineData("Hosting:PathBase", "/<b>", "such as /support")]
    [InlineData("Hosting:PathBase", "https://console.corp.test/support", "such as /support")]
    [InlineData("Hosting:PathBase", "/support\n", "such as /support")]
    [InlineData("PocketBase:Posts:Body", "body,password", "made of letters")]
    [InlineData("Limits:SearchesPerMinute", "0", "give 1 to 1000000")]
    [InlineData("Limits:ReadsPerMinute", "0", "give 1 to 1000000")]
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
        using var folder = new LastingFolder();
        var values = StartRules.FilledInValues();
        values[key] = value;

        var refusals = StartRules.RefusalsOf(StartRules.Compose(Environments.Production, values, folder.Path));

        var sentence = Assert.Single(refusals);
        Assert.Contains(because, sentence, StringComparison.Ordinal);
        Assert.StartsWith(key.Split(':')[0] + ":", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_unit_may_write_wherever_it_is_told_to_and_checkpoints_lie_apart_from_the_database()
    {
        var unit = File.ReadAllLines(Path.Combine(Checkout.Root, "deploy", "support-console.service"));
        string[] writable = [.. Of("StateDirectory").Select(name => $"/var/lib/{name}"), .. Of("LogsDirectory").Select(name => $"/var/log/{name}")];
        var told = unit.Where(line => line.StartsWith("Environment=", StringComparison.Ordinal) && line.Contains("/var/", StringComparison.Ordinal))
            .ToDictionary(line => line["Environment=".Length..].Trim('"').Split('=')[0], line => line[line.IndexOf("/var/", StringComparison.Ordinal)..].Trim('"'));

        Assert.All(told.Values, path => Assert.Contains(writable, folder => path == folder || path.StartsWith($"{folder}/", StringComparison.Ordinal)));
        var checkpoints = told["Audit__CheckpointFolder"];
        Assert.False($"{checkpoints}/".StartsWith($"{Path.GetDirectoryName(told["Storage__ConnectionString"])}/", StringComparison.Ordinal));

        IEnumerable<string> Of(string setting) => unit.Where(line => line.StartsWith($"{setting}=", StringComparison.Ordinal)).SelectMany(line => line[(setting.Length + 1)..].Split(' '));
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
}
