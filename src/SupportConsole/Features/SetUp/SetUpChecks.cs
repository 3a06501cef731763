using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.SetUp;

/// <summary>Judges how PocketBase is set up. Only what was measured is advised.</summary>
internal static class SetUpChecks
{
    // The console renews its own token at half of its life, so an hour costs it one short request in thirty minutes.
    private static readonly TimeSpan s_shortSuperuserLife = TimeSpan.FromHours(4);

    // The longest that PocketBase itself gives where nobody chose.
    private static readonly TimeSpan s_usualLife = TimeSpan.FromDays(7);

    private const int UsualLogDays = 5;

    /// <summary>Everything that is looked at, the companion hook first.</summary>
    public static IEnumerable<SetUpCheck> Of(SetUpFacts facts, CompanionState companion, PocketBaseOptions options)
    {
        yield return Companion(companion);
        yield return SelfTest(companion);
        yield return new SetUpCheck("The console's superuser", SetUpState.Unknown,
            "Nobody can tell from here whether something else uses the account too. Give the console one of its own: then its tokens can be ended alone, and the log tells whose requests are whose.");
        yield return SuperuserAddresses(facts);
        yield return SuperuserTokens(facts, options);
        foreach (var users in facts.Collections.Where(collection => IsViewed(collection, options)))
        {
            yield return UserTokens(users);
            yield return EmailIndex(users);
        }

        yield return HarmfulIndexes(facts);
        yield return RateLimits(facts);
        yield return Accounts(facts);
        yield return LogDays(facts);
        yield return LogLevel(facts);
    }

    /// <summary>What is said of the companion hook.</summary>
    public static SetUpCheck Companion(CompanionState companion)
    {
        const string name = "Companion hook";
        var own = CompanionScript.Version;
        return companion.Fit switch
        {
            CompanionFit.Absent => new(name, SetUpState.Advice,
                $"Not there. Download it and put it, as {CompanionScript.FileName}, into pb_hooks beside PocketBase's pb_data: PocketBase then refuses writes and ended sessions itself, and a read takes one request in place of two. Without it everything works, and the console alone blocks writes."),
            CompanionFit.Fits when companion.Version == own => new(name, SetUpState.Good, $"Version {own} is there."),
            CompanionFit.Fits => new(name, SetUpState.Advice, $"Version {companion.Version} is there and is used. This console hands out {own}: download it and replace the file."),
            CompanionFit.Older => new(name, SetUpState.Advice, $"Version {companion.Version} is there, too old for this console, so it isn't used. Download {own} and replace the file."),
            CompanionFit.Newer => new(name, SetUpState.Advice, $"Version {companion.Version} is there, newer than this console knows, so it isn't used. Update the console, or put {own} back in its place."),
            _ => new(name, SetUpState.Unknown, $"PocketBase gave no usable answer at {CompanionScript.Path}. If a proxy lets known paths through only, let this one through too."),
        };
    }

    private static SetUpCheck SelfTest(CompanionState companion)
    {
        const string name = "Self-test";
        return (companion.Fit, companion.IsStamped) switch
        {
            (CompanionFit.Fits, true) => new(name, SetUpState.Good,
                $"The companion's answer carried the stamp of this very request. {(companion.CanBeTested ? "Test now tries whether it refuses writes; the" : "The")} opening of each session proves that it refuses writes with that session's own token, and the session's bar and the trail say so."),
            (CompanionFit.Fits, false) => new(name, SetUpState.Advice,
                "The companion answers, but without its stamp: something between the console and PocketBase takes away headers that begin with X-Support-Console. Let them pass, both ways; until then sessions go on without the companion."),
            (CompanionFit.Undecided, _) => new(name, SetUpState.Unknown, "There was no answer to test."),
            _ => new(name, SetUpState.Advice, "Nothing to test without a companion of this console's version. Reads are proved by a second request, as without it."),
        };
    }

    private static SetUpCheck SuperuserAddresses(SetUpFacts facts)
    {
        const string name = "Superusers' addresses";
        return facts.SuperuserAddresses switch
        {
            null => new(name, SetUpState.Unknown, "This PocketBase has no such limit; from 0.38 on it can let superusers in from chosen addresses alone."),
            [] => new(name, SetUpState.Advice,
                $"Superusers may come from anywhere. List the console's address{Bracketed(facts.ConsoleAddress)} and your own under superuserIPs in PocketBase's settings; a list without your own locks you out."),
            { Count: var count } => new(name, SetUpState.Good, count == 1 ? "Superusers are let in from one address or network." : $"Superusers are let in from {count} addresses or networks."),
        };
    }

    private static SetUpCheck SuperuserTokens(SetUpFacts facts, PocketBaseOptions options)
    {
        const string name = "Superusers' tokens";
        var life = facts.Collections.FirstOrDefault(collection => PocketBaseName.IsSuperusers(collection.Name))?.TokenLife;
        return life switch
        {
            null => new(name, SetUpState.Unknown, "PocketBase doesn't say how long they live."),
            _ when options.SuperuserToken.Length > 0 => new(name, SetUpState.Unknown,
                $"The console uses a static token (PocketBase:SuperuserToken), whose life was chosen when it was made. Others live {Words(life.Value)}."),
            { } it when it <= s_shortSuperuserLife => new(name, SetUpState.Good, $"They live {Words(it)}."),
            { } it => new(name, SetUpState.Advice,
                $"They live {Words(it)}. Set an hour in the options of _superusers: the console renews its own at half of its life, and one that got out is worth less."),
        };
    }

    private static SetUpCheck UserTokens(CollectionFacts users)
    {
        var name = $"Tokens of {users.Name}";
        return users.TokenLife switch
        {
            null => new(name, SetUpState.Unknown, "PocketBase doesn't say how long they live."),
            { } life when life <= s_usualLife => new(name, SetUpState.Good, $"They live {Words(life)}. Sessions of the console don't depend on it: their time box is said with each."),
            { } life => new(name, SetUpState.Advice,
                $"They live {Words(life)}, and PocketBase can end one only together with all others of its user. Shorten it in the collection's options; sessions of the console don't depend on it."),
        };
    }

    private static SetUpCheck EmailIndex(CollectionFacts users)
    {
        var name = $"Index on email of {users.Name}";
        if (!users.Fields.Contains("email"))
        {
            return new(name, SetUpState.Good, "The collection has no e-mail addresses.");
        }

        return users.Indexes.Any(index => index is { IsPartial: false, IsByCase: true, Columns: ["email", ..] })
            ? new(name, SetUpState.Good, "There is one that searches can use.")
            : new(name, SetUpState.Advice,
                $"There is only a partial one, which searches can't use. Add CREATE INDEX `idx_{users.Name}_email_plain` ON `{users.Name}` (`email`) under Indexes: among 100,000 users an address is then found in 0.5 ms in place of 16.");
    }

    // Measured: with an index on (status, created), SQLite answers "status = … || author = …" by a union and sorts everything.
    private static SetUpCheck HarmfulIndexes(SetUpFacts facts)
    {
        const string name = "Indexes that hurt";
        var harmful =
            from collection in facts.Collections
            let rule = collection.ListRule ?? ""
            where rule.Contains("||", StringComparison.Ordinal)
            from index in collection.Indexes
            where index.Columns is [var first, _, ..] && collection.FewValued.Contains(first) && Names(rule, first)
            select $"{index.Name} of {collection.Name}";
        var found = string.Join(", ", harmful);
        return found.Length == 0
            ? new(name, SetUpState.Good, "None of the kind that was measured to hurt: several columns, of which the first holds few values and stands beside || in the list rule.")
            : new(name, SetUpState.Advice,
                $"{found}: the first of its columns holds few values and stands beside || in the list rule. Among 1,000,000 posts such an index on (status, created) made a user's first page take 1,314 ms in place of 1.3. Compare how long the app's lists take without it.");
    }

    private static SetUpCheck RateLimits(SetUpFacts facts)
    {
        const string name = "Rate limits";
        var address = facts.ConsoleAddress;
        return (facts.LimitsRates, facts.UnlimitedAddresses) switch
        {
            (null, _) => new(name, SetUpState.Unknown, "PocketBase doesn't say whether it limits requests."),
            (false, _) => new(name, SetUpState.Good, "PocketBase limits nobody's requests."),
            (true, null) => new(name, SetUpState.Advice,
                "PocketBase limits requests by address, and all reads of all sessions come from the console's. From 0.38 on the address can be exempt; before, raise the limit for /api/."),
            (true, var exempt) when IPAddress.TryParse(address, out var own) && exempt.Any(entry => Covers(entry, own)) =>
                new(name, SetUpState.Good, $"The console's address ({address}) is exempt."),
            _ when address.Length == 0 => new(name, SetUpState.Unknown, "PocketBase limits requests and doesn't say as which address it sees the console. See to it that rateLimits.excludedIPs has it."),
            _ => new(name, SetUpState.Advice,
                $"PocketBase limits requests by address, and all reads of all sessions come from the console's ({address}). Add it to rateLimits.excludedIPs in PocketBase's settings."),
        };
    }

    private static SetUpCheck Accounts(SetUpFacts facts) => facts.LogsAccounts switch
    {
        null => new(LogAccounts, SetUpState.Unknown, "PocketBase doesn't say whether its log names accounts."),
        true => new(LogAccounts, SetUpState.Good, "PocketBase's log names the account of each request."),
        false => new(LogAccounts, SetUpState.Advice,
            "PocketBase's log doesn't name accounts. Turn on Enable Auth Id logging (Logs, Logs settings): then it shows when API keys were last used, and is a second witness of each session."),
    };

    private static SetUpCheck LogDays(SetUpFacts facts)
    {
        const string name = "How long the log is kept";
        return facts.LogDays switch
        {
            null => new(name, SetUpState.Unknown, "PocketBase doesn't say how long it keeps its log."),
            0 => new(name, SetUpState.Advice, "PocketBase keeps no log, so nothing stands beside the audit trail. Set five days or more (Logs, Logs settings)."),
            < UsualLogDays and var days => new(name, SetUpState.Advice, $"For {Words(TimeSpan.FromDays(days))}. Set five or more: what is asked about a session is often asked days later."),
            { } days => new(name, SetUpState.Good, $"For {Words(TimeSpan.FromDays(days))}."),
        };
    }

    private static SetUpCheck LogLevel(SetUpFacts facts)
    {
        const string name = "What the log keeps";
        return facts.LogLevel switch
        {
            null => new(name, SetUpState.Unknown, "PocketBase doesn't say from which level on it logs."),
            > 0 => new(name, SetUpState.Advice, "Requests that succeed are left out, so the log can't stand beside the audit trail. Set the level to INFO (Logs, Logs settings)."),
            _ => new(name, SetUpState.Good, "Every request."),
        };
    }

    private const string LogAccounts = "Accounts in the log";

    private static bool IsViewed(CollectionFacts collection, PocketBaseOptions options) =>
        collection.TokenLife is not null && !PocketBaseName.IsSuperusers(collection.Name)
        && options.UserCollections.Any(entry => entry.Equals(collection.Name, StringComparison.OrdinalIgnoreCase) || entry == collection.Id);

    // The field itself, and not another field of a longer name or of another record.
    private static bool Names(string rule, string field) => Regex.IsMatch(rule, $@"(?<![\w.@]){Regex.Escape(field)}(?![\w.])", RegexOptions.CultureInvariant);

    private static bool Covers(string entry, IPAddress address) =>
        IPNetwork.TryParse(entry, out var network) ? network.Contains(address) : IPAddress.TryParse(entry, out var one) && one.Equals(address);

    private static string Bracketed(string address) => address.Length == 0 ? "" : $" ({address})";

    private static string Words(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } when time.Ticks % TimeSpan.TicksPerDay == 0 => Counted(time.TotalDays, "day"),
        { TotalHours: >= 1 } when time.Ticks % TimeSpan.TicksPerHour == 0 => Counted(time.TotalHours, "hour"),
        { TotalMinutes: >= 1 } when time.Ticks % TimeSpan.TicksPerMinute == 0 => Counted(time.TotalMinutes, "minute"),
        _ => Counted(time.TotalSeconds, "second"),
    };

    private static string Counted(double number, string unit) => $"{number.ToString("#,0", CultureInfo.InvariantCulture)} {unit}{(number == 1 ? "" : "s")}";
}
