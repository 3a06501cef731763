using System.Globalization;
using Microsoft.Extensions.Configuration;
using SupportConsole.Hosting;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Hosting;

/// <summary>Where the console listens, by whoever's word, and that the rules of the start judge the same.</summary>
[Collection(DemoApp.Name)]
public sealed class ListenAddressesTests(DemoServer server)
{
    [Theory]
    [InlineData("", "", "http://127.0.0.1:5280")]
    [InlineData("URLS=http://127.0.0.1:7001", "", "http://127.0.0.1:7001")]
    [InlineData("HTTP_PORTS=8080", "", "http://*:8080")]
    [InlineData("HTTP_PORTS=8080;8081|HTTPS_PORTS=8443", "", "http://*:8080 http://*:8081 https://*:8443")]
    [InlineData("URLS=http://127.0.0.1:7001|HTTP_PORTS=8080", "", "http://127.0.0.1:7001")]
    [InlineData("URLS=http://127.0.0.1:7001", "Urls=http://127.0.0.1:7002", "http://127.0.0.1:7002")]
    [InlineData("HTTP_PORTS=8080", "Urls=http://127.0.0.1:7002", "http://127.0.0.1:7002")]
    [InlineData("HTTP_PORTS=8080", "Urls=", "http://*:8080")]
    [InlineData("URLS=http://127.0.0.1:7001", "Kestrel:Endpoints:Main:Url=https://*:443", "https://*:443")]
    [InlineData("", "Kestrel:Endpoints:Main:Url=https://*:443|preferHostingUrls=true", "https://*:443")]
    [InlineData("URLS=http://127.0.0.1:7001", "Kestrel:Endpoints:Main:Url=https://*:443|preferHostingUrls=true", "http://127.0.0.1:7001")]
    [InlineData("URLS=;|HTTP_PORTS=8080", "", "http://localhost:5000")]
    public void Everybody_is_heard_in_the_frameworks_order(string host, string app, string expected)
    {
        // The variables of the host come first, the files, variables and arguments of the application after them.
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(Pairs(host)).AddInMemoryCollection(Pairs(app));

        ListenAddresses.SetDefault(configuration);

        Assert.Equal(expected, string.Join(' ', ListenAddresses.Of(configuration)));
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:0")]
    [InlineData("DOTNET_URLS", "http://127.0.0.1:0")]
    [InlineData("Urls", "http://127.0.0.1:0")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "0")]
    [InlineData("Kestrel__Endpoints__Only__Url", "http://127.0.0.1:0")]
    [InlineData("--urls", "http://127.0.0.1:0")]
    public async Task A_start_listens_where_it_is_told(string name, string value)
    {
        Assert.SkipUnless(server.Executable is not null, "PocketBase is not installed: run 'npm ci' in src/SupportConsole/Demo.");
        await using var file = new SqliteFile();
        File.Copy(Path.Combine(Checkout.Root, "src", "SupportConsole", "appsettings.json"), Path.Combine(file.Folder, "appsettings.json"));
        var isArgument = name.StartsWith('-');
        using var console = ConsoleProcess.StartSite(
            file, server.Url, server.SuperuserToken, isArgument ? [name, value] : [], isArgument ? [] : new() { [name] = value });

        var address = await console.ListensAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(5280, address.Port);
        using var client = new HttpClient();
        Assert.Equal("Healthy", await client.GetStringAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{address.Port}/health/live")), TestContext.Current.CancellationToken));
    }

    private static Dictionary<string, string?> Pairs(string settings) => settings.Split('|', StringSplitOptions.RemoveEmptyEntries)
        .Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => (string?)pair[1]);
}
