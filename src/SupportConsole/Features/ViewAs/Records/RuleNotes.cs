namespace SupportConsole.Features.ViewAs.Records;

/// <summary>What has to be said of a read because of the rule that it went under.</summary>
internal static class RuleNotes
{
    /// <summary>
    /// The sentences. A rule can look at parts of the request that an app's own client may fill in otherwise than the console does: then what the user
    /// sees in the app can differ.
    /// </summary>
    public static IEnumerable<string> Of(string? rule) => rule is not null
        && (rule.Contains("@request.headers.", StringComparison.OrdinalIgnoreCase) || rule.Contains("@request.query.", StringComparison.OrdinalIgnoreCase))
            ? ["Undecided: this collection's rule looks at the request itself (its headers or its query), which the app's own client may fill in otherwise than the console does. What the user sees there can differ. Whoever runs the console can have headers sent with PocketBase:RequestHeaders."]
            : [];

    /// <summary>What is said of a list in the order of its ids.</summary>
    public static string Untimed(string collection) =>
        $"This app keeps no time of “{collection}”, or hides it from users: the records stand in the order of their ids.";
}
