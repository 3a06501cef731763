namespace SupportConsole.Hosting;

/// <summary>Where the server will listen, told from the configuration before it does.</summary>
internal static class ListenAddresses
{
    /// <summary>Loopback, so that nobody reaches the console by accident.</summary>
    public const string Default = "http://127.0.0.1:5280";

    /// <summary>
    /// Gives the console its own default where nobody says anything. It is no line of appsettings.json: such a line has precedence
    /// over ASPNETCORE_URLS and its like, and an address over ports alone.
    /// </summary>
    public static void SetDefault(ConfigurationManager configuration)
    {
        string[] keys = [WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];
        if (keys.All(key => string.IsNullOrEmpty(configuration[key])) && !Endpoints(configuration).Any())
        {
            configuration[WebHostDefaults.ServerUrlsKey] = Default;
        }
    }

    /// <summary>
    /// The addresses in the framework's own order of precedence: Kestrel's endpoints (unless hosting addresses are preferred and there
    /// are any), then <c>Urls</c>, then ports alone, then Kestrel's default.
    /// </summary>
    public static IReadOnlyList<string> Of(IConfiguration configuration)
    {
        // Whatever stands in Urls, be it a semicolon alone, keeps the ports from being looked at.
        string[] addresses = string.IsNullOrEmpty(configuration[WebHostDefaults.ServerUrlsKey])
            ? [
                .. Split(WebHostDefaults.HttpPortsKey).Select(port => $"http://*:{port}"),
                .. Split(WebHostDefaults.HttpsPortsKey).Select(port => $"https://*:{port}"),
            ]
            : Split(WebHostDefaults.ServerUrlsKey);
        var prefersHosting = addresses.Length > 0 && configuration[WebHostDefaults.PreferHostingUrlsKey]?.ToUpperInvariant() is ("TRUE" or "1");
        string[] endpoints = [.. prefersHosting ? [] : Endpoints(configuration).Select(endpoint => endpoint["Url"] ?? "")];
        return (endpoints, addresses) switch
        {
            ([_, ..], _) => endpoints,
            (_, [_, ..]) => addresses,
            _ => ["http://localhost:5000"],
        };

        string[] Split(string key) =>
            configuration[key]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
    }

    private static IEnumerable<IConfigurationSection> Endpoints(IConfiguration configuration) => configuration.GetSection("Kestrel:Endpoints").GetChildren();
}
