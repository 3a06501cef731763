using System.Text;
using Microsoft.Data.Sqlite;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Erasing;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Audit.Erasing;

/// <summary>One person's names and texts go from the trail and from the files, and every event stays provable.</summary>
public sealed class ErasureTests : ServicesTest
{
    private const string Why = "Asked to be forgotten, letter of 3 May";
    private const string Name = "Zephyrine Quokkabottom";
    private const string Typed = "Her invoices vanished behind the wuthering paywall";
    private static readonly AuditSubjectKey Zephyrine = new("users", "u-zephyrine");
    private static readonly AuditSubject Subject = new("users", "u-zephyrine", Name);

    private Erasure Erasing => Console.Get<Erasure>();

    private AuditTrail Trail => Console.Get<AuditTrail>();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_users_words_are_in_no_file_any_more_and_every_hash_is_what_it_was(bool indexedBefore)
    {
        await Trail.AppendAsync([.. Enumerable.Range(0, 40).Select(About), .. Enumerable.Range(0, 40).Select(Other)]);
        if (indexedBefore)
        {
            await Trail.IndexAsync(Token);
        }

        await Trail.AppendAsync(About(40));
        Assert.All(["Zephyrine", "Quokkabottom", "wuthering", "SUP-77123"], word => Assert.True(IsInAFile(word), word));
        var before = Leaves();

        var done = await Erasing.EraseAsync(Console.As(Admin), Zephyrine, Why, Token);

        Assert.Equal(new ErasureCount(41, 0), done);
        Assert.All(
            ["Zephyrine", "zephyrine Q", "Quokkabottom", "quokkabottom", "wuthering", "wuth", "77123", "paywall", "\ue001quok"], word => Assert.False(IsInAFile(word), word));
        Assert.True(IsInAFile("Somebody else"));
        Assert.Equal(before, Leaves().Take(before.Count));
        var all = await AllAsync();
        Assert.DoesNotContain(all, entry => entry.IsDamaged);
        var erased = all.Where(entry => Zephyrine.IsOf(entry.Event) && entry.Event.Type != AuditEventTypes.AuditErased).ToList();
        Assert.Equal(41, erased.Count);
        Assert.All(erased, entry =>
        {
            Assert.Equal(
                (PersonalText.ErasedWord, PersonalText.ErasedWord, PersonalText.ErasedWord, PersonalText.ErasedWord, "Mia Chen"),
                (entry.Event.Subject!.Name, entry.Event.Reason, entry.Event.Ticket, entry.Event.Detail, entry.Event.Actor.Name));
            Assert.Equal((null, CanonicalForm.AsKept(entry.Event with { At = Console.Clock.GetUtcNow() }).At), (entry.Erased!.By, entry.Erased.About!.Value));
        });
        Assert.Empty(await FoundAsync("quokkabottom"));
        Assert.Empty(await FoundAsync("wuther"));
        Assert.Equal(41, (await FoundAsync("u zephyrine")).Count(entry => entry.Event.Type == AuditEventTypes.UserViewed));
        Assert.Equal(40, (await FoundAsync("somebody")).Count);
        Check();
    }

    [Fact]
    public async Task That_it_was_done_stays_with_its_reason_and_without_the_name()
    {
        await Trail.AppendAsync(About(1));
        await Erasing.EraseAsync(Console.As(Admin), Zephyrine, Why, Token);

        await Console.Roles.GrantAsync(Console.As(Manager), Person(OtherManager).Id, Role.Admin, Why, until: null, Token);
        await Erasing.EraseAsync(Console.As(OtherManager), Zephyrine, "A second letter came in June", Token);

        Assert.Equal(
            [(Person(Admin).Id, "", Why, "1 event"), (Person(OtherManager).Id, "", "A second letter came in June", "1 event")],
            (await Console.EventsAsync()).Where(e => e.Type == AuditEventTypes.AuditErased).Select(e => (e.Actor.Id, e.Subject!.Name, e.Reason!, e.Detail!)));
    }

    [Fact]
    public async Task A_colleague_goes_from_what_they_did_what_was_done_to_them_and_every_table()
    {
        var tom = new AuditActor(Person(Nobody).Id, "Tomasz Wjewjorka", []);
        var key = new AuditSubjectKey(AuditSubject.Staff, tom.Id.Value);
        await Trail.AppendAsync(
            [
                About(1) with { Actor = tom, ClientAddress = "198.51.100.77" },
                About(2) with { Detail = $"idle{" · "}session of {tom.Name} ({tom.Id})" },
                About(3) with { Subject = new AuditSubject(AuditSubject.Staff, tom.Id.Value, tom.Name) },
                About(4),
            ],
            connection => connection.Run(
                $"""
                UPDATE staff SET name = '{tom.Name}', email = 'tomasz@wjewjorka.example' WHERE id = '{tom.Id}';
                INSERT INTO role_grant (staff_id, role, granted_at, granted_by, granted_by_name, reason, ended_at, ended_by, ended_by_name, end_reason)
                VALUES ('{tom.Id}', 'Agent', 1, 'demo/x', 'Xaver', 'Wjewjorka covers the night', 2, 'demo/x', 'Xaver', 'wjewjorka left');
                INSERT INTO role_grant (staff_id, role, granted_at, granted_by, granted_by_name, reason, ended_at, ended_by, ended_by_name, end_reason)
                VALUES ('demo/y', 'Agent', 1, '{tom.Id}', '{tom.Name}', 'Night shift of Yves', 2, '{tom.Id}', '{tom.Name}', 'Yves left');
                INSERT INTO api_key (id, collection, record, kind, name, purpose, owner, created_at, created_by, created_by_name, phase, revoked_by, revoked_by_name)
                VALUES ('k1', 'service_accounts', 'r1', 'ScheduledJob', 'importer', 'Imports', '{tom.Id}', 1, '{tom.Id}', '{tom.Name}', 'Revoked', '{tom.Id}', '{tom.Name}');
                """));
        await Trail.IndexAsync(Token);
        Assert.All(["Wjewjorka", "198.51.100.77", "tomasz@"], word => Assert.True(IsInAFile(word), word));

        var done = await Erasing.EraseAsync(Console.As(Admin), key, Why, Token);

        Assert.Equal(3, done.Events);
        Assert.All(["jewjorka", "198.51.100.77", "tomasz@"], word => Assert.False(IsInAFile(word), word));
        Assert.All(["Night shift of Yves", "Yves left", "importer", "Xaver"], word => Assert.True(IsInAFile(word), word));
        var entries = (await AllAsync()).Where(entry => entry.Event.Type == AuditEventTypes.UserViewed).OrderBy(entry => entry.Sequence).ToList();
        Assert.Equal(
            [
                (PersonalText.ErasedWord, PersonalText.ErasedWord, Name, Typed), ("Mia Chen", null, PersonalText.ErasedWord, PersonalText.ErasedWord),
                ("Mia Chen", null, PersonalText.ErasedWord, PersonalText.ErasedWord), ("Mia Chen", null, Name, Typed),
            ],
            entries.Select(entry => (entry.Event.Actor.Name, entry.Event.ClientAddress, entry.Event.Subject!.Name, entry.Event.Reason!)));
        Assert.Equal((PersonalText.ErasedWord, ""), ((await Console.Roles.FindAsync(tom.Id, Token))!.Name, (await Console.Roles.FindAsync(tom.Id, Token))!.Email));
        Assert.Empty((await Console.Get<TrailVerifier>().VerifyAsync(null, null, Token)).Faults);
        Check();
    }

    [Fact]
    public async Task A_kill_between_two_pieces_leaves_the_rest_to_the_next_start()
    {
        await Trail.AppendAsync([.. Enumerable.Range(0, 700).Select(About)]);
        Erasing.PieceDone = () => throw new NotWrittenException(NotWrittenReason.Stopped);

        await Assert.ThrowsAsync<NotWrittenException>(() => Erasing.EraseAsync(Console.As(Admin), Zephyrine, Why, Token));

        Assert.Equal(ErasureTable.Piece, (await AllAsync()).Count(entry => entry.Erased is not null));
        Assert.True(IsInAFile(Name));
        await using var next = await StartAsync(file: Console.File);
        await next.Working<Erasure>().StartAsync(Token);
        for (var left = 200; IsInAFile("Quokkabottom") && left > 0; left--)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
        }

        await next.Working<Erasure>().FinishAsync();
        Assert.Equal(700, (await AllAsync()).Count(entry => entry.Erased is not null));
        Assert.All(["Quokkabottom", "quokkabottom", "wuthering"], word => Assert.False(IsInAFile(word), word));
        Assert.Equal(700, Number("SELECT erased FROM audit_erasure WHERE finished = 1"));
        Check();
    }

    [Fact]
    public async Task Appends_go_on_while_much_is_erased()
    {
        await Trail.AppendAsync([.. Enumerable.Range(0, 3000).Select(About)]);
        await Trail.IndexAsync(Token);

        var erasing = Erasing.EraseAsync(Console.As(Admin), Zephyrine, Why, Token);
        var appended = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => Trail.AppendAsync(Other(i)))));
        var done = await erasing;

        Assert.Equal(64, appended.Select(entry => entry.Sequence).Distinct().Count());
        Assert.Equal(3000, done.Events);
        Assert.False(IsInAFile("Quokkabottom"));
        Assert.Equal(64, (await FoundAsync("somebody")).Count);
        Assert.DoesNotContain(await AllAsync(), entry => entry.IsDamaged);
        Check();
    }

    [Fact]
    public async Task Events_from_before_are_counted_and_left()
    {
        await Trail.AppendAsync(About(1));
        using (var other = Console.File.Connect())
        {
            var body = CanonicalForm.Encode(Number("SELECT max(seq) + 1 FROM audit_event"), About(2));
            using var insert = other.Prepare(
                "INSERT INTO audit_event (seq, time, type, outcome, actor, subject, leaf, body) SELECT max(seq) + 1, 1, 'user.viewed', 0, 1, $subject, $leaf, $body FROM audit_event",
                ("$subject", IdFingerprint.Of(Zephyrine.ToString())), ("$leaf", CanonicalForm.LeafHash(body).ToArray()), ("$body", body));
            insert.ExecuteNonQuery();
        }

        Assert.Equal(new ErasureCount(1, 1), await Erasing.CountAsync(Console.As(Admin), Zephyrine, Token));

        Assert.Equal(new ErasureCount(1, 1), await Erasing.EraseAsync(Console.As(Admin), Zephyrine, Why, Token));

        Assert.True(IsInAFile(Name));
        Assert.Equal([PersonalText.ErasedWord, Name], (await AllAsync()).Where(entry => entry.Event.Type == AuditEventTypes.UserViewed).Select(entry => entry.Event.Subject!.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("\ud83d\ude00\u202e\u0000\u0008\"\\/\u2028\ufeff e\u0301 İ ß ﬁ 日本語")]
    [InlineData("\ud800\udc00\udfff\ud800 x")]
    [InlineData("'); DROP TABLE audit_event; -- \" OR * NEAR(")]
    [InlineData("{\"about\":{\"erased\":\"2030-01-02T03:04:05.000000Z\"}}")]
    public async Task Any_text_is_erased_and_the_index_stays_sound(string text)
    {
        await Trail.AppendAsync(About(1) with { Reason = text, Ticket = text, Detail = text, Subject = Subject with { Name = text } });
        await Trail.IndexAsync(Token);

        await Erasing.EraseAsync(Console.As(Admin), Zephyrine, Why, Token);

        var entry = Assert.Single(await AllAsync(), found => found.Event.Type == AuditEventTypes.UserViewed);
        Assert.Equal((false, PersonalText.ErasedWord), (entry.IsDamaged, entry.Event.Reason));
        Check();
    }

    [Fact]
    public async Task What_is_damaged_is_erased_all_the_same()
    {
        await Trail.AppendAsync(About(1));
        using (var other = Console.File.Connect())
        {
            other.Run(
                """
                INSERT INTO audit_erasure (seq, collection, id, at) VALUES (99999, 'x', 'y', 0);
                UPDATE audit_event SET personal = CAST(personal || ' Quokkabottom' AS BLOB) WHERE type = 'user.viewed';
                DELETE FROM audit_erasure;
                """);
        }

        Assert.True(Assert.Single(await AllAsync(), entry => entry.Event.Type == AuditEventTypes.UserViewed).IsDamaged);

        await Erasing.EraseAsync(Console.As(Admin), Zephyrine, Why, Token);

        Assert.False(IsInAFile("Quokkabottom"));
    }

    [Theory]
    [InlineData("", "The reason needs at least 10")]
    [InlineData("zephyrine QUOKKABOTTOM asked for it", "names the person")]
    public async Task A_reason_says_why_and_names_nobody(string reason, string refused)
    {
        await Trail.AppendAsync(About(1));

        var refusal = await Assert.ThrowsAsync<ErasureRefusedException>(() => Erasing.EraseAsync(Console.As(Admin), Zephyrine, reason, Token));

        Assert.Contains(refused, refusal.Message, StringComparison.Ordinal);
        var recorded = (await Console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.AuditErased, AuditOutcome.Denied, null, refusal.Message), (recorded.Type, recorded.Outcome, recorded.Reason, recorded.Detail));
        Assert.True(IsInAFile(Name));
    }

    [Fact]
    public async Task A_session_that_is_open_is_ended_first()
    {
        await Trail.AppendAsync(About(1) with { Type = AuditEventTypes.SessionOpened, SessionId = "s1" });
        var mia = new AuditSubjectKey(AuditSubject.Staff, Person(Agent).Id.Value);

        foreach (var person in new[] { Zephyrine, mia })
        {
            var refusal = await Assert.ThrowsAsync<ErasureRefusedException>(() => Erasing.EraseAsync(Console.As(Admin), person, Why, Token));
            Assert.StartsWith("A session of this person's is still open. End it first", refusal.Message, StringComparison.Ordinal);
        }

        await Trail.AppendAsync(About(1) with { Type = AuditEventTypes.SessionEnded, SessionId = "s1" });
        Assert.Equal(2, (await Erasing.EraseAsync(Console.As(Admin), Zephyrine, Why, Token)).Events);
    }

    [Fact]
    public async Task Whoever_holds_a_role_and_the_console_itself_are_not_erased()
    {
        var mia = new AuditSubjectKey(AuditSubject.Staff, Person(Agent).Id.Value);

        Assert.StartsWith("This person still holds a role.", (await RefusedAsync(mia)).Message, StringComparison.Ordinal);
        Assert.StartsWith("This is the console itself", (await RefusedAsync(new AuditSubjectKey(AuditSubject.Staff, "system"))).Message, StringComparison.Ordinal);
        Assert.Equal(0, Number("SELECT count(*) FROM audit_erasure"));

        Task<ErasureRefusedException> RefusedAsync(AuditSubjectKey person) =>
            Assert.ThrowsAsync<ErasureRefusedException>(() => Erasing.EraseAsync(Console.As(Admin), person, Why, Token));
    }

    [Fact]
    public async Task An_old_proof_erases_nothing()
    {
        await Trail.AppendAsync(About(1));
        Console.ProveAt(Admin, Console.Clock.GetUtcNow().AddYears(-20));

        await Assert.ThrowsAsync<ProofTooOldException>(() => Erasing.EraseAsync(Console.As(Admin), Zephyrine, Why, Token));

        Assert.True(IsInAFile(Name));
        Assert.Equal(AuditEventTypes.PolicyDenied, (await Console.EventsAsync())[^1].Type);
    }

    [Theory]
    [InlineData("UPDATE audit_event SET personal = x'7b7d'", false)]
    [InlineData("UPDATE audit_event SET personal = NULL", true)]
    [InlineData("UPDATE audit_event SET personal = x'7b7d', body = x'00'", true)]
    [InlineData("UPDATE audit_event SET personal = x'7b7d', leaf = x'00'", true)]
    [InlineData("UPDATE audit_event SET personal = x'7b7d', seq = seq + 100", true)]
    [InlineData("UPDATE audit_event SET personal = x'7b7d', time = time + 1", true)]
    [InlineData("UPDATE audit_event SET personal = x'7b7d', type = 'x'", true)]
    [InlineData("UPDATE audit_event SET personal = x'7b7d', outcome = 7", true)]
    [InlineData("UPDATE audit_event SET personal = x'7b7d', actor = actor + 1", true)]
    [InlineData("UPDATE audit_event SET personal = x'7b7d', subject = NULL", true)]
    [InlineData("UPDATE audit_event SET personal = x'7b7d', session = 7", true)]
    public async Task While_one_is_erased_nothing_else_can_change(string statement, bool refused)
    {
        await Trail.AppendAsync(About(1));
        using var other = Console.File.Connect();
        var one = $"{statement} WHERE seq = (SELECT max(seq) FROM audit_event)";
        Assert.Throws<SqliteException>(() => other.Run(one));
        other.Run("INSERT INTO audit_erasure (seq, collection, id, at) SELECT max(seq), 'users', 'x', 0 FROM audit_event");
        Assert.Throws<SqliteException>(() => other.Run(one)); // Only what was there before the erasure.
        other.Run("UPDATE audit_erasure SET seq = seq + 1");

        var fault = Record.Exception(() => other.Run(one));

        Assert.Equal(refused, fault is SqliteException);
        other.Run("UPDATE audit_erasure SET finished = 1");
        Assert.Throws<SqliteException>(() => other.Run(one));
    }

    private AuditEvent About(int i) => new(AuditEventTypes.UserViewed, Console.Clock.GetUtcNow().AddSeconds(i), new AuditActor(Person(Agent).Id, "Mia Chen", [Role.Agent]))
    {
        Subject = Subject, Reason = Typed, Ticket = "SUP-77123", Detail = $"detail {i} of {Name}", Category = "Troubleshooting",
    };

    private AuditEvent Other(int i) => About(i) with { Subject = new AuditSubject("users", $"other-{i}", "Somebody else"), Reason = "Another reason", Ticket = null, Detail = null };

    private async Task<IReadOnlyList<AuditEntry>> AllAsync() => (await Console.Get<AuditReader>().ReadAsync(AuditQuery.All, null, 10_000, Token)).Entries;

    private async Task<IReadOnlyList<AuditEntry>> FoundAsync(string text) =>
        (await Console.Get<AuditReader>().ReadAsync(new AuditQuery { Text = text }, null, 10_000, Token)).Entries;

    private long Number(string query)
    {
        using var other = Console.File.Connect();
        return other.Number(query);
    }

    private List<string> Leaves()
    {
        using var other = Console.File.Connect();
        using var rows = other.Prepare("SELECT hex(leaf) || hex(body) FROM audit_event ORDER BY seq").ExecuteReader();
        var leaves = new List<string>();
        while (rows.Read())
        {
            leaves.Add(rows.GetString(0));
        }

        return leaves;
    }

    /// <summary>That the database and its word index are sound.</summary>
    private void Check()
    {
        using var other = Console.File.Connect();
        using var whole = other.Prepare("PRAGMA integrity_check");
        Assert.Equal("ok", whole.ExecuteScalar());
        other.Run("INSERT INTO audit_text (audit_text) VALUES ('integrity-check')");
    }

    /// <summary>Whether these letters stand in a file of the database, as they are on the disk.</summary>
    private bool IsInAFile(string text) => Directory.GetFiles(Path.GetDirectoryName(Console.File.File)!, "console.db*")
        .Any(file => Bytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    private static byte[] Bytes(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes;
    }
}
