namespace SupportConsole.PocketBase;

/// <summary>How PocketBase is set up, as far as it matters to the console. Null stands for what this version doesn't have.</summary>
/// <param name="SuperuserAddresses">The addresses that superusers may come from; empty for any.</param>
/// <param name="ConsoleAddress">As which address PocketBase sees the console; empty where it doesn't say.</param>
/// <param name="LogsAccounts">Whether its log names the account of each request.</param>
/// <param name="LogDays">For how many days it keeps its log; 0 for no log at all.</param>
/// <param name="LogLevel">The level below which nothing is logged; requests that succeed have 0.</param>
/// <param name="LimitsRates">Whether it limits how often one address may ask.</param>
/// <param name="UnlimitedAddresses">The addresses that are exempt.</param>
/// <param name="Collections">Its collections.</param>
internal sealed record SetUpFacts(
    IReadOnlyList<string>? SuperuserAddresses,
    string ConsoleAddress,
    bool? LogsAccounts,
    int? LogDays,
    int? LogLevel,
    bool? LimitsRates,
    IReadOnlyList<string>? UnlimitedAddresses,
    IReadOnlyList<CollectionFacts> Collections);
