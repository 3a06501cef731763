namespace SupportConsole.Shell;

/// <summary>Where the server will listen, told from the configuration before it does.</summary>
internal static class ListenAddresses
{
    /// <summary>
    /// The addresses in the framework's own order of precedence: Kestrel's endpoints (unless hosting addresses are preferred),
    /// then <c>Urls</c>, then ports alone, then the default.
    /// </summary>
    public static IReadOnlyList<string> Of(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? "").ToList();
        if (endpoints.Count > 0 && configuration[WebHostDefaults.PreferHostingUrlsKey]?.ToUpperInvariant() is not ("TRUE" or "1"))
        {
            return endpoints;
        }

        List<string> addresses = [.. Split(WebHostDefaults.ServerUrlsKey)];
        if (addresses.Count == 0)
        {
            addresses =
            [
                .. Split(WebHostDefaults.HttpPortsKey).Select(port => $"http://*:{port}"),
                .. Split(WebHostDefaults.HttpsPortsKey).Select(port => $"https://*:{port}"),
            ];
        }

        return addresses.Count > 0 ? addresses : ["http://localhost:5000"];

        string[] Split(string key) =>
            configuration[key]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
    }
}
