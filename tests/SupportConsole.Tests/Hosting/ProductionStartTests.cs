using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SupportConsole.Site;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Hosting;

/// <summary>What a start in Production refuses although the console would run: the ways in which an installation is unsafe.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ProductionStartTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OpenToAll = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly LastingFolder _folder = new();
    private readonly Dictionary<string, string?> _values = StartRules.FilledInValues();

    public static bool IsWindows => OperatingSystem.IsWindows();

    [Fact]
    public void A_filled_in_configuration_starts() => Assert.Empty(Refusals());

    [Fact]
    public void A_demo_is_one_reason_among_the_others()
    {
        _values["Demo:Enabled"] = "true";
        _values["SignIn:Mode"] = "Demo";
        _values["AllowedHosts"] = "*";

        Assert.Equal(["AllowedHosts", "Demo:Enabled", "SignIn:Mode"], Refusals().Select(refusal => refusal.Split(' ')[0]).Order());
    }

    [Theory]
    [InlineData("Staging")]
    [InlineData("Benchmark")]
    [InlineData("production")]
    [InlineData("Dev")]
    [InlineData("Development2")]
    [InlineData("")]
    public void Only_development_is_lenient(string environment)
    {
        Make("data/keys/key-1.xml", OpenToAll);
        _values["Demo:Enabled"] = "true";
        _values["SignIn:Mode"] = "Demo";
        _values["AllowedHosts"] = "*";
        _values["PocketBase:Url"] = "http://api.example.com";
        _values["PocketBase:SuperuserEmail"] = "console@example.com";
        _values.Remove("Proxy:Trusted:0");

        var refusals = StartRules.RefusalsOf(StartRules.Compose(environment, _values, _folder.Path));

        string[] expected = ["AllowedHosts", "Demo:Enabled", "PocketBase:SuperuserEmail", "PocketBase:Url", "PocketBase:Url", "Proxy:Trusted", "SignIn:Mode"];
        Assert.Equal(
            [.. expected, .. IsWindows ? [] : (string[])["DataProtection:KeyFolder:"]],
            refusals.Select(refusal => refusal.Split(' ')[0]).OrderBy(key => key.StartsWith("Data", StringComparison.Ordinal)).ThenBy(key => key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("http://api.corp.test")]
    [InlineData("HTTP://10.1.2.3:8090")]
    [InlineData("http://[fd00::7]:8090")]
    [InlineData("http://pocketbase:8090")]
    [InlineData("http://localhost.corp.test")]
    [InlineData("http://127.0.0.1.corp.test")]
    [InlineData("http://0.0.0.0:8090")]
    [InlineData("http://loopback.:8090")]
    public void Http_to_another_machine_is_refused_unless_it_is_allowed_knowingly(string url)
    {
        _values["PocketBase:Url"] = url;

        var refusal = Assert.Single(Refusals());
        Assert.StartsWith("PocketBase:Url is http to ", refusal, StringComparison.Ordinal);
        Assert.Contains("PocketBase:AllowHttp=true", refusal, StringComparison.Ordinal);

        _values["PocketBase:AllowHttp"] = "true";
        Assert.Empty(Refusals());
    }

    [Theory]
    [InlineData("http://127.0.0.1:8090")]
    [InlineData("http://localhost:8090")]
    [InlineData("http://[::1]:8090")]
    [InlineData("http://loopback:8090")] // Which .NET itself makes localhost of.
    [InlineData("http://127.8.0.1")]
    [InlineData("https://api.corp.test")]
    public void Http_within_the_machine_and_https_need_nothing(string url)
    {
        _values["PocketBase:Url"] = url;

        Assert.Empty(Refusals());
    }

    [Theory]
    [InlineData("http://127.0.0.1:5280", "http://127.0.0.1:5280", "Urls")]
    [InlineData("http://[::]:80", "https://*:443;http://[::]:80", "Urls")]
    [InlineData("HTTP://*:80", "HTTP://*:80", "Urls")]
    [InlineData("http://unix:/run/console.sock", "http://unix:/run/console.sock", "Urls")]
    [InlineData("http://*:8080", "8080", "HTTP_PORTS")]
    [InlineData("http://*:81", "80;81", "HTTP_PORTS")]
    [InlineData("http://127.0.0.1:5280", "", "Urls")]
    [InlineData("http://localhost:5000", ";", "Urls")]
    [InlineData("http://10.1.2.3:80", "http://10.1.2.3:80", "Kestrel:Endpoints:Inside:Url")]
    public void Plain_http_needs_a_trusted_proxy(string address, string value, string key)
    {
        _values.Remove("Urls");
        _values[key] = value;
        Assert.Empty(Refusals());

        _values.Remove("Proxy:Trusted:0");

        var refusal = Assert.Single(Refusals());
        Assert.StartsWith("Proxy:Trusted is empty while the console listens on ", refusal, StringComparison.Ordinal);
        Assert.Contains(address, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Audit:KeepDays", "29", "it must be 30 to 36500, or 0 to keep")]
    [InlineData("Audit:KeepDays", "-1", "it must be 30 to 36500, or 0")]
    [InlineData("Audit:KeepDays", "36501", "it must be 30 to 36500, or 0 to keep")]
    [InlineData("Audit:CheckpointMinutes", "0", "it must be 1 to 1440")]
    public void What_the_trail_can_not_keep_to_is_refused(string key, string value, string why)
    {
        _values[key] = value;

        Assert.Equal([$"{key} is {value}: {why}"], Refusals().Select(refusal => refusal[..(key.Length + value.Length + why.Length + 6)]));
    }

    [Theory]
    [InlineData("Urls", "https://*:443")]
    [InlineData("HTTPS_PORTS", "443")]
    [InlineData("Kestrel:Endpoints:Main:Url", "https://*:443")]
    public void Https_alone_needs_no_proxy(string key, string value)
    {
        if (!key.StartsWith("Kestrel", StringComparison.Ordinal))
        {
            _values.Remove("Urls"); // Kestrel's endpoints take the place of an address that stands there.
        }

        _values.Remove("Proxy:Trusted:0");
        _values[key] = value;

        Assert.Empty(Refusals());
    }

    [Fact]
    public void Kestrels_endpoints_do_not_count_where_hosting_addresses_are_preferred()
    {
        _values.Remove("Proxy:Trusted:0");
        _values["Kestrel:Endpoints:Main:Url"] = "https://*:443";
        _values["preferHostingUrls"] = "true";

        Assert.Contains("http://127.0.0.1:5280", Assert.Single(Refusals()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0/0", "trusts strangers")]
    [InlineData("::/0", "trusts strangers")]
    [InlineData("128.0.0.0/1", "trusts strangers")]
    [InlineData("2000::/3", "trusts strangers")]
    [InlineData("::ffff:0:0/96", "no address or network")]
    [InlineData("proxy.corp.test", "no address or network")]
    [InlineData("10.0.0.1/8", "no address or network")]
    [InlineData("10.0.0.0/33", "no address or network")]
    [InlineData("10", "no address or network")]
    [InlineData("010.0.0.1", "no address or network")]
    [InlineData("*", "no address or network")]
    [InlineData("", "no address or network")]
    public void A_proxy_that_is_none_or_everybody_is_refused(string entry, string because)
    {
        _values["Proxy:Trusted:1"] = entry;

        var refusal = Assert.Single(Refusals());

        Assert.StartsWith($"Proxy:Trusted:1 is '{entry}'", refusal, StringComparison.Ordinal);
        Assert.Contains(because, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("192.0.2.7")]
    [InlineData("fc00::/7")]
    [InlineData("2001:DB8::1")]
    public void Addresses_and_networks_may_be_trusted(string entry)
    {
        _values["Proxy:Trusted:1"] = entry;

        Assert.Empty(Refusals());
    }

    [Fact]
    public void The_frameworks_switch_that_believes_everybody_is_refused()
    {
        _values["ForwardedHeaders_Enabled"] = "true";

        Assert.Contains("ASPNETCORE_FORWARDEDHEADERS_ENABLED", Assert.Single(Refusals()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("*")]
    [InlineData("console.corp.test;*")]
    [InlineData("*.corp.test")]
    [InlineData("0.0.0.0")]
    [InlineData("[::]")]
    public void Any_host_name_is_refused(string? hosts)
    {
        _values["AllowedHosts"] = hosts;

        Assert.StartsWith("AllowedHosts is empty or holds a wildcard", Assert.Single(Refusals()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/tmp/support-console-keys", "a restart may empty")]
    [InlineData("/var/tmp/keys", "a restart may empty")]
    [InlineData("/dev/shm/keys", "a restart may empty")]
    [InlineData("taken/keys", "can't be written")]
    [InlineData(" ", "is empty")]
    public void A_key_ring_that_does_not_last_is_refused(string folder, string because)
    {
        Assert.SkipWhen(folder.StartsWith("/dev", StringComparison.Ordinal) && !Directory.Exists("/dev/shm"), "This system has no /dev/shm.");
        File.WriteAllText(Path.Combine(_folder.Path, "taken"), "");
        _values["DataProtection:KeyFolder"] = folder;

        var refusal = Assert.Single(Refusals());

        Assert.StartsWith("DataProtection:KeyFolder is ", refusal, StringComparison.Ordinal);
        Assert.Contains(because, refusal, StringComparison.Ordinal);
        Assert.False(Directory.Exists("/tmp/support-console-keys"));
    }

    [Fact(Skip = "Rights don't stand in a mode there.", SkipWhen = nameof(IsWindows))]
    public void The_key_ring_is_its_owners_alone()
    {
        Assert.Empty(Refusals());
        var keys = Path.Combine(_folder.Path, "data", "keys");
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(keys));
        var key = Make("data/keys/key-1.xml", OpenToAll);
        File.SetUnixFileMode(keys, OpenToAll | UnixFileMode.UserExecute);

        Assert.Equal(
            [
                $"DataProtection:KeyFolder: {keys} is open to others than its owner; run chmod 700 {keys}.",
                $"DataProtection:KeyFolder: {key} is open to others than its owner; run chmod 600 {key}.",
            ],
            Refusals());
    }

    [Theory(Skip = "Rights don't stand in a mode there.", SkipWhen = nameof(IsWindows))]
    [InlineData("data/console.db")]
    [InlineData("data/console.db-wal")]
    [InlineData("data/console.db-shm")]
    [InlineData("data/console.key")]
    public void A_database_or_key_that_others_can_read_is_refused(string name)
    {
        var file = Make(name, OwnerOnly | UnixFileMode.OtherRead);

        Assert.Equal($"Storage:ConnectionString: {file} is open to others than its owner; run chmod 600 {file}.", Assert.Single(Refusals()));

        File.SetUnixFileMode(file, OwnerOnly);
        Assert.Empty(Refusals());
    }

    [Theory(Skip = "Rights don't stand in a mode there.", SkipWhen = nameof(IsWindows))]
    [InlineData("PocketBase:SuperuserPassword", """{ "PocketBase": { "SuperuserPassword": "hunter2" } }""")]
    [InlineData("PocketBase:SuperuserToken", """{ "PocketBase:SuperuserToken": "hunter2" }""")]
    [InlineData("AzureAd:ClientSecret", """{ "AzureAd": { "ClientSecret": "hunter2" } }""")]
    [InlineData("AzureAd:ClientCertificates:0:CertificatePassword", """{ "AzureAd": { "ClientCertificates": [ { "CertificatePassword": "hunter2" } ] } }""")]
    [InlineData("AzureAd:ClientSecret, PocketBase:SuperuserPassword", """{ "PocketBase": { "SuperuserPassword": "hunter2" }, "AzureAd": { "ClientSecret": "hunter3" } }""")]
    public void A_settings_file_with_a_secret_that_others_can_read_is_refused(string keys, string json)
    {
        var file = Make("appsettings.Production.json", OpenToAll, json);

        Assert.Equal($"{keys}: {file} is open to others than its owner; run chmod 600 {file}.", Assert.Single(Refusals(file)));

        File.SetUnixFileMode(file, OwnerOnly);
        Assert.Empty(Refusals(file));
    }

    [Fact(Skip = "Rights don't stand in a mode there.", SkipWhen = nameof(IsWindows))]
    public void A_settings_file_without_secrets_may_be_read_by_everybody() =>
        Assert.Empty(Refusals(Make("appsettings.json", OpenToAll, """{ "PocketBase": { "SuperuserPassword": "", "TimeoutSeconds": 8 } }""")));

    [Fact]
    public void None_of_it_is_refused_in_development()
    {
        Make("data/console.db", OpenToAll);
        Make("data/keys/key-1.xml", OpenToAll);

        Assert.Empty(StartRules.RefusalsOf(StartRules.Compose(Environments.Development, StartRules.ExampleValues(), _folder.Path)));
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public void What_one_start_protected_the_next_can_read(string environment)
    {
        _values["DataProtection:KeyFolder"] = Path.Combine(_folder.Path, "ring");

        var kept = Protector(environment, Path.Combine(_folder.Path, "first")).Protect("a sign-in");

        Assert.Equal("a sign-in", Protector(environment, Path.Combine(_folder.Path, "second")).Unprotect(kept));
        var key = Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "ring")));
        Assert.Equal(Openness.None, PrivateFile.OpennessOf(key));
        Assert.Equal(Openness.None, PrivateFile.OpennessOf(Path.GetDirectoryName(key)!));
    }

    /// <summary>The process itself, as an operator starts it with nothing but the name of the environment and a copied demo.</summary>
    [Fact]
    public async Task All_reasons_are_printed_at_once_and_the_exit_code_is_1()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(App).Assembly.Location]) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production", ["Demo__Enabled"] = "true", ["SignIn__Mode"] = "Demo", ["Urls"] = "http://127.0.0.1:0",
            ["PocketBase__Url"] = "https://api.example.com", ["PocketBase__SuperuserPassword"] = "hunter2", ["PocketBase__UserCollections__0"] = "_superusers",
            ["DataProtection__KeyFolder"] = "/tmp/keys", ["Logging__Folder"] = Path.Combine(_folder.Path, "logs"),
        })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var printed = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1, ""), (process.ExitCode, await printed));
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("Support Console can't start with this configuration:", lines[0]);
        Assert.Equal(
            [
                "AllowedHosts", "DataProtection:KeyFolder", "Demo:Enabled", "PocketBase:SuperuserEmail", "PocketBase:Url", "PocketBase:UserCollections:0",
                "Proxy:Trusted", "SignIn:Mode",
            ],
            lines[1..].Select(line => line[4..].Split(' ')[0]).Order());
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private List<string> Refusals(string? settingsFile = null)
    {
        var builder = StartRules.Compose(Environments.Production, _values, _folder.Path);
        if (settingsFile is not null)
        {
            // Below what the test says in memory, so that the file is overridden and a leak all the same.
            builder.Configuration.Sources.Insert(0, FileSource(settingsFile));
        }

        var refusals = StartRules.RefusalsOf(builder).ToList();
        Assert.All(refusals, refusal => Assert.DoesNotContain("hunter", refusal, StringComparison.Ordinal));
        Assert.All(refusals, refusal => Assert.DoesNotContain("swordfish", refusal, StringComparison.Ordinal));
        return refusals;
    }

    private static Microsoft.Extensions.Configuration.Json.JsonConfigurationSource FileSource(string file)
    {
        var source = new Microsoft.Extensions.Configuration.Json.JsonConfigurationSource { Path = file };
        source.ResolveFileProvider();
        return source;
    }

    private IDataProtector Protector(string environment, string contentRoot)
    {
        Directory.CreateDirectory(contentRoot);
        return StartRules.Compose(environment, _values, contentRoot).Services.BuildServiceProvider()
            .GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
    }

    private string Make(string name, UnixFileMode mode, string content = "")
    {
        var file = Path.Combine(_folder.Path, name.Replace('/', Path.DirectorySeparatorChar));
        PrivateFile.MakeFolder(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, mode);
        }

        return file;
    }
}
