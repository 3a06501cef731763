namespace SupportConsole.Features.Audit.Shipping;

/// <summary>The rule for addresses that events are sent to.</summary>
internal static class SinkAddress
{
    /// <summary>What is wrong with an address, as a sentence that doesn't repeat it: it may hold a secret. Null when nothing is.</summary>
    public static string? RefusalOf(string key, string address) => Uri.TryCreate(address, UriKind.Absolute, out var url) switch
    {
        _ when url is null || url.Scheme is not ("http" or "https") || url.Host.Length == 0 => $"{key} is no address: write for example https://hooks.corp.example/audit.",
        _ when url.UserInfo.Length > 0 => $"{key} holds a user name or a password: remove it.",
        _ when url.Fragment.Length > 0 => $"{key} has a '#': remove everything from it on.",
        _ when url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback => $"{key} is http to {url.Host}, so whoever is on the way would read the events: use https.",
        _ => null,
    };
}
