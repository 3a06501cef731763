using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportConsole.Hosting;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Hosting;

/// <summary>On which patches of the framework the console starts.</summary>
public sealed class KnownVulnerabilitiesTests
{
    [Theory]
    [InlineData("10.0.0-rc.1.25451.107", "10.0.0-rc.1.25451.107", "CVE-2025-55315", "10.0.9")]
    [InlineData("10.0.0", "10.0.0", "CVE-2026-40372", "10.0.9")]
    [InlineData("10.0.3", "10.0.3", "CVE-2026-26130", "10.0.9")]
    [InlineData("10.0.12", "10.0.6", "CVE-2026-40372", "10.0.9")]
    [InlineData("10.0.8", "10.0.8", "CVE-2026-45591", "10.0.9")]
    [InlineData("10.0.3", "10.0.12", "CVE-2026-26127", "10.0.4")]
    [InlineData("", "", "CVE-2025-55315", "10.0.9")]
    [InlineData("nonsense", "10.0.12", "CVE-2026-26127", "10.0.4")]
    public void A_runtime_that_strangers_can_break_is_refused_with_the_patch_to_install(string runtime, string aspNetCore, string cve, string patch)
    {
        var (refusal, warning) = KnownVulnerabilities.Judge(runtime, aspNetCore);

        Assert.Contains(cve, refusal, StringComparison.Ordinal);
        Assert.Contains($"Install .NET {patch} or newer", refusal, StringComparison.Ordinal);
        Assert.Null(warning);
    }

    [Theory]
    [InlineData("10.0.9", "10.0.9", "older than 10.0.12")]
    [InlineData("10.0.11", "10.0.12", "patch 10.0.11 is older")]
    [InlineData("10.0.12", "10.0.12", "lacks what 10.0.13 mends")]
    [InlineData("10.0.13", "10.0.12", "patch 10.0.12 lacks")]
    [InlineData("10.0.13-preview.1", "10.0.13", "lacks what 10.0.13 mends")]
    [InlineData("10.0.13", "10.0.13", null)]
    [InlineData("10.0.100", "10.0.100", null)]
    [InlineData("10.1.0", "10.1.0", null)]
    [InlineData("11.0.0", "11.0.0", null)]
    public void An_older_patch_starts_and_is_told_of(string runtime, string aspNetCore, string? words)
    {
        var (refusal, warning) = KnownVulnerabilities.Judge(runtime, aspNetCore);

        Assert.Null(refusal);
        Assert.True(words is null ? warning is null : warning?.Contains(words, StringComparison.Ordinal), warning);
    }

    [Theory]
    [InlineData("Production", true)]
    [InlineData("Staging", true)]
    [InlineData("Development", false)]
    public async Task Development_only_warns(string environment, bool refused)
    {
        using var folder = new LastingFolder();
        using var log = new LogLines();
        var builder = StartRules.Compose(environment, StartRules.FilledInValues(), folder.Path);
        builder.Logging.AddProvider(log);
        builder.Services.Configure<RuntimeVersions>(versions => versions.AspNetCore = "10.0.6");

        var refusals = StartRules.RefusalsOf(builder);

        Assert.Equal(refused, refusals.Any(refusal => refusal.Contains("CVE-2026-40372, sign-in cookies can be forged", StringComparison.Ordinal)));
        if (!refused)
        {
            await using var services = builder.Services.BuildServiceProvider();
            var notice = ActivatorUtilities.CreateInstance<RuntimeNotice>(services);
            await notice.StartAsync(TestContext.Current.CancellationToken);
            Assert.Contains(log.All, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("CVE-2026-40372", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_versions_are_those_of_the_installed_frameworks()
    {
        Assert.Equal(Environment.Version, Version.Parse(KnownVulnerabilities.VersionOf(KnownVulnerabilities.Framework.Runtime)));
        Assert.Equal(
            Path.GetFileName(Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Builder.WebApplication).Assembly.Location)),
            KnownVulnerabilities.VersionOf(KnownVulnerabilities.Framework.AspNetCore));
        Assert.Null(KnownVulnerabilities.Judge(
            KnownVulnerabilities.VersionOf(KnownVulnerabilities.Framework.Runtime), KnownVulnerabilities.VersionOf(KnownVulnerabilities.Framework.AspNetCore)).Refusal);
    }

    [Fact]
    public void Every_entry_names_its_source_once() => Assert.All(KnownVulnerabilities.All, known =>
    {
        Assert.Matches("^CVE-20[0-9]{2}-[0-9]{4,}$", known.Id);
        Assert.Matches("^https://github.com/dotnet/announcements/issues/[0-9]+$", known.Source);
        Assert.Single(KnownVulnerabilities.All, other => other.Id == known.Id);
    });
}
