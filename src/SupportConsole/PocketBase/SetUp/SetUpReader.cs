using System.Text.Json;

namespace SupportConsole.PocketBase;

/// <summary>Asks PocketBase how it is set up. Of its settings, which hold secrets, it takes what is needed and keeps nothing.</summary>
internal sealed class SetUpReader(SuperuserRequests requests)
{
    /// <summary>How PocketBase is set up at this moment.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<SetUpFacts> ReadAsync(Caller caller, CancellationToken cancellation)
    {
        var settings = (await AskAsync(caller, "/api/settings", cancellation)).Body;
        var logs = In(settings, "logs");
        var rates = In(settings, "rateLimits");

        // A guest is answered too, with less: what is missing then is said to be unknown.
        var health = await AskAsync(caller, "/api/health", cancellation);
        return new SetUpFacts(
            Texts(settings, "superuserIPs"),
            health.Text("data", "realIP"),
            Flag(logs, "logAuthId"),
            Number(logs, "maxDays"),
            Number(logs, "minLevel"),
            Flag(rates, "enabled"),
            Texts(rates, "excludedIPs"),
            await requests.DescribeCollectionsAsync(SuperuserUse.CheckSetUp, caller, CollectionFacts.From, cancellation));
    }

    private async Task<PocketBaseAnswer> AskAsync(Caller caller, string path, CancellationToken cancellation) =>
        SuperuserRequests.Expect(await requests.SendAsync(SuperuserUse.CheckSetUp, caller, HttpMethod.Get, path, null, cancellation), "PocketBase's settings");

    private static JsonElement In(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) ? value : default;

    private static bool? Flag(JsonElement of, string name) => In(of, name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static int? Number(JsonElement of, string name) =>
        In(of, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    private static string[]? Texts(JsonElement of, string name) =>
        In(of, name) is { ValueKind: JsonValueKind.Array } values
            ? [.. values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)]
            : null;
}
