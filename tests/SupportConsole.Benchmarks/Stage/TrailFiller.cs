using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Benchmarks.Stage;

/// <summary>
/// Writes long trails as a year of a support team would: forty people, twenty thousand users, sessions with their reads, searches,
/// roles, and three in a hundred refused or failed. Through the trail's own statements, and kept for the next run.
/// </summary>
internal static class TrailFiller
{
    public const int StaffCount = 40;
    public const int UserCount = 20_000;

    private static readonly DateTimeOffset FirstEvent = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] Subjects = ["order", "invoice", "draft", "comment", "login", "picture", "export", "team", "notification", "address"];

    /// <summary>A folder with a console.db of this many events, and of what finds them where that is asked for.</summary>
    public static async Task<string> FolderAsync(int length, bool isIndexed = true)
    {
        var folder = Places.Kept(string.Create(CultureInfo.InvariantCulture, $"trail-{length}{(isIndexed ? "" : "-bare")}-{SchemaMark()}"));
        var ready = Path.Combine(folder, "ready");
        if (!File.Exists(ready))
        {
            File.Delete(Path.Combine(folder, "console.db"));
            await using (var stage = await ConsoleStage.StartAsync(folder))
            {
                Fill(stage.Get<ConsoleDb>(), length, isIndexed);
            }

            await File.WriteAllTextAsync(ready, "");
        }

        return folder;
    }

    /// <summary>Events without end, half a minute apart on average.</summary>
    public static IEnumerable<AuditEvent> Events(Dice dice)
    {
        var at = FirstEvent;
        for (var act = 0; ; act++)
        {
            foreach (var occurred in Act(dice, act))
            {
                at = at.AddMilliseconds(dice.Next(60_000));
                yield return occurred with { At = at };
            }
        }
    }

    public static StaffId StaffAt(int index) => new(string.Create(CultureInfo.InvariantCulture, $"bench/staff-{index}"));

    public static AuditSubject UserAt(int index) =>
        new("users", string.Create(CultureInfo.InvariantCulture, $"u{index:00000000000000}"), string.Create(CultureInfo.InvariantCulture, $"Member {index}"));

    public static string SessionAt(int act) => Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(act)))[..32];

    private static void Fill(ConsoleDb db, int length, bool isIndexed)
    {
        using var connection = db.OpenWriter(700);
        var table = new TrailTable((sequence, fault) => throw new InvalidOperationException($"Event {sequence} has no words.", fault));
        foreach (var chunk in Events(new Dice(7)).Take(length).Chunk(20_000))
        {
            connection.Run("BEGIN IMMEDIATE");
            table.Append(connection, chunk);
            connection.Run("COMMIT");
        }

        var (indexedTo, end) = (0L, isIndexed ? length : 0L);
        while (indexedTo < end)
        {
            connection.Run("BEGIN IMMEDIATE");
            (indexedTo, end) = table.IndexSome(connection, 20_000);
            connection.Run("COMMIT");
        }

        connection.Run("PRAGMA wal_checkpoint(PASSIVE)");
    }

    private static IEnumerable<AuditEvent> Act(Dice dice, int act)
    {
        var staff = dice.Skewed(StaffCount);
        var actor = new AuditActor(StaffAt(staff), $"Staff Person {staff}", [Role.Agent]);
        var begun = new AuditEvent("", FirstEvent, actor) { ClientAddress = "10.1.2.3", CorrelationId = SessionAt(act)[..16] };
        return dice.Next(20) switch
        {
            0 => [begun with { Type = AuditEventTypes.SignedIn }],
            1 => [begun with { Type = dice.Next(3) == 0 ? AuditEventTypes.SignedOut : AuditEventTypes.AuditViewed, Detail = "everything" }],
            2 => [RoleChange(dice, begun)],
            < 9 => Search(dice, begun),
            9 => [Refused(dice, begun)],
            _ => Session(dice, begun, act),
        };
    }

    private static AuditEvent RoleChange(Dice dice, AuditEvent begun) => begun with
    {
        Type = dice.Next(2) == 0 ? AuditEventTypes.RoleGranted : AuditEventTypes.RoleRevoked,
        Subject = new AuditSubject(AuditSubject.Staff, StaffAt(dice.Next(StaffCount)).Value!, "Staff Person"),
        Reason = "Change of the rota for the next quarter",
        Detail = "Support agent",
    };

    private static IEnumerable<AuditEvent> Search(Dice dice, AuditEvent begun)
    {
        var target = new AuditTarget("users") { QueryHash = SessionAt(dice.Next(100_000))[..16] };
        yield return begun with { Type = AuditEventTypes.ReadRequested, Detail = AuditEventTypes.UsersSearched, Target = target };
        yield return begun with { Type = AuditEventTypes.UsersSearched, Target = target with { Count = dice.Next(20) } };
    }

    private static AuditEvent Refused(Dice dice, AuditEvent begun) => begun with
    {
        Type = dice.Next(4) switch
        {
            0 => AuditEventTypes.PolicyDenied,
            1 => AuditEventTypes.SessionDenied,
            2 => AuditEventTypes.SignInFailed,
            _ => AuditEventTypes.RoleChangeDenied,
        },
        Outcome = dice.Next(4) == 0 ? AuditOutcome.Failed : AuditOutcome.Denied,
        Detail = "one session",
    };

    private static IEnumerable<AuditEvent> Session(Dice dice, AuditEvent begun, int act)
    {
        var common = begun with
        {
            SessionId = SessionAt(act),
            Subject = UserAt(dice.Skewed(UserCount)),
            Reason = $"The member can't see the {Subjects[dice.Next(Subjects.Length)]} and asks about the {Subjects[dice.Next(Subjects.Length)]}",
            Category = "Content problem",
            Ticket = string.Create(CultureInfo.InvariantCulture, $"SUP-{dice.Next(90_000) + 10_000}"),
        };
        yield return common with { Type = AuditEventTypes.SessionRequested, Detail = "15 min" };
        yield return common with { Type = AuditEventTypes.SessionOpened, Detail = "15 min" };
        for (var read = dice.Next(6); read >= 0; read--)
        {
            var (type, ids) = dice.Next(3) == 0 ? (AuditEventTypes.RecordViewed, 1) : (AuditEventTypes.RecordsListed, 20);
            var target = new AuditTarget("posts") { QueryHash = SessionAt(read)[..16] };
            var denied = dice.Next(50) == 0;
            yield return common with { Type = AuditEventTypes.ReadRequested, Detail = type, Target = target };
            yield return common with
            {
                Type = type,
                Outcome = denied ? AuditOutcome.Denied : AuditOutcome.Success,
                Target = target with { Count = ids, RecordIds = [.. Enumerable.Range(0, denied ? 0 : ids).Select(_ => string.Create(CultureInfo.InvariantCulture, $"p{dice.Next(1_000_000):00000000000000}"))] },
            };
        }

        yield return common with { Type = AuditEventTypes.SessionEnded, Detail = "ended_by_agent" };
    }

    // Another schema, or other events: another file.
    private static string SchemaMark()
    {
        var assembly = typeof(ConsoleDb).Assembly;
        var text = new StringBuilder("1");
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            text.Append(reader.ReadToEnd());
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..8];
    }
}
