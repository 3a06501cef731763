using System.Text;
using Microsoft.Extensions.Hosting;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit.Shipping;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Shipping;

/// <summary>Settings of sinks that the console doesn't start with, and what it says to them.</summary>
public sealed class SinkOptionsTests
{
    private const string Https = "https://hooks.corp.test/T0/B1/s3cr3t?token=hush";

    [Theory]
    [InlineData("Audit:Webhook:Url", "hooks.corp.test/hush", "Audit:Webhook:Url is no address")]
    [InlineData("Audit:Webhook:Url", "ftp://hooks.corp.test/hush", "Audit:Webhook:Url is no address")]
    [InlineData("Audit:Webhook:Url", "http://hooks.corp.test/hush", "Audit:Webhook:Url is http to hooks.corp.test, so whoever is on the way would read the events")]
    [InlineData("Audit:Webhook:Url", "https://me:hush@hooks.corp.test/", "Audit:Webhook:Url holds a user name")]
    [InlineData("Audit:Webhook:Url", "https://hooks.corp.test/#hush", "Audit:Webhook:Url has a '#'")]
    [InlineData("Audit:Webhook:SecretFile", "", "Audit:Webhook:SecretFile is empty")]
    [InlineData("Audit:Webhook:SecretFile", "nowhere", "can't be read (")]
    [InlineData("Audit:Webhook:Events:0", "role.moved", "Audit:Webhook:Events has 'role.moved', which is no event")]
    [InlineData("Audit:Webhook:Events:0", "roles.*", "Audit:Webhook:Events has 'roles.*'")]
    [InlineData("Audit:Webhook:From", "yesterday", "Audit:Webhook:From is 'yesterday'")]
    [InlineData("Audit:Otlp:Endpoint", "collector:4318", "Audit:Otlp:Endpoint is no address")]
    [InlineData("Audit:Otlp:Endpoint", "http://collector.corp.test:4318/v1/logs", "Audit:Otlp:Endpoint is http to collector.corp.test")]
    [InlineData("Audit:Otlp:From", "", "Audit:Otlp:From is ''")]
    [InlineData("Audit:Mirror:Path", "/tmp", "Audit:Mirror:Path names no file")]
    [InlineData("Audit:Mirror:Path", "logs/", "Audit:Mirror:Path names no file")]
    [InlineData("Audit:Mirror:FileMegabytes", "0", "it must be 1 to 10000.")]
    [InlineData("Audit:Mirror:RetainedFiles", "1", "it must be 2 to 10000.")]
    [InlineData("Audit:Mirror:From", "Start", "Audit:Mirror:From is 'Start'")]
    public void What_can_not_work_is_refused_in_one_sentence_that_gives_nothing_away(string key, string value, string because)
    {
        using var folder = new LastingFolder();
        var refusals = StartRules.RefusalsOf(StartRules.Compose(Environments.Production, With(folder, (key, value)), folder.Path));

        var sentence = Assert.Single(refusals);
        Assert.Contains(because, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_can_work_is_not()
    {
        using var folder = new LastingFolder();

        Assert.Empty(StartRules.RefusalsOf(StartRules.Compose(Environments.Production, With(folder, ("Audit:Otlp:Endpoint", "http://127.0.0.1:4318/v1/logs")), folder.Path)));
        Assert.Empty(StartRules.RefusalsOf(StartRules.Compose(Environments.Production, With(folder, ("Audit:Webhook:Events:0", "*")), folder.Path)));
    }

    [Fact]
    public void A_secret_that_others_can_read_is_refused()
    {
        using var folder = new LastingFolder();
        var values = With(folder);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Rights don't stand in a mode here.");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(values["Audit:Webhook:SecretFile"]!, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        }

        Assert.Contains("chmod 600", Assert.Single(StartRules.RefusalsOf(StartRules.Compose(Environments.Production, values, folder.Path))), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_choice_of_events_what_bears_on_security_is_sent()
    {
        var types = new WebhookOptions().Types()!;

        Assert.Contains(AuditEventTypes.RoleGranted, types);
        Assert.Contains(AuditEventTypes.AuditErased, types);
        Assert.DoesNotContain(AuditEventTypes.RecordsListed, types);
        Assert.DoesNotContain(AuditEventTypes.AuditViewed, types);
        Assert.Null(new WebhookOptions { Events = ["role.*", "*"] }.Types());
        Assert.Equal([AuditEventTypes.RoleGranted, AuditEventTypes.KeyCreated], new WebhookOptions { Events = ["role.granted", "key.created", "role.granted"] }.Types());
    }

    private static Dictionary<string, string?> With(LastingFolder folder, params (string Key, string Value)[] changes)
    {
        var secret = Path.Combine(folder.Path, "webhook.secret");
        PrivateFile.MakeWith(secret, Encoding.UTF8.GetBytes(ShippedTrail.Secret));
        var values = StartRules.FilledInValues();
        values["Audit:Webhook:Url"] = Https;
        values["Audit:Webhook:SecretFile"] = secret;
        values["Audit:Mirror:Path"] = Path.Combine(folder.Path, "audit-.jsonl");
        foreach (var (key, value) in changes)
        {
            values[key] = value;
        }

        return values;
    }
}
