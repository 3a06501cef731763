using System.Globalization;
using Microsoft.Data.Sqlite;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Finding;
using SupportConsole.Storage;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>
/// The audit page's question by every filter on a trail of a million events, against the statement somebody would write by hand for it and
/// decode the rows of, and against itself on a short trail. The number of events can be set by <c>PAGES_EVENTS</c>.
/// </summary>
internal sealed class AuditPages : Row
{
    private const int PageLength = 50;
    private const int Turns = 200;

    /// <summary>One of ninety thousand: a million events have some dozen of it.</summary>
    private const string Ticket = "SUP-54321";

    private const string Refused = "f.outcome <> 0 AND";
    private const string Entry = "JOIN audit_event e ON e.seq = f.seq";

    public override string Name => "audit-page";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        var length = int.Parse(Environment.GetEnvironmentVariable("PAGES_EVENTS") ?? "1000000", CultureInfo.InvariantCulture);
        var shorter = Math.Max(10_000, length / 100);
        var (events, fewer) = (length.ToString("N0", CultureInfo.InvariantCulture), shorter.ToString("N0", CultureInfo.InvariantCulture));
        await using var few = await ConsoleStage.StartAsync(await TrailFiller.FolderAsync(shorter));
        await using var many = await ConsoleStage.StartAsync(await TrailFiller.FolderAsync(length));
        using var hand = new SqliteConnection($"Data Source={many.Get<ConsoleDb>().File};Mode=ReadOnly;Pooling=False");
        hand.Open();
        using (var settings = hand.CreateCommand())
        {
            settings.CommandText = "PRAGMA cache_size = -16384";
            settings.ExecuteNonQuery();
        }

        var smallCases = await CasesAsync(few);
        var bodies = await BodiesAsync(many);
        var (decoding, copying) = await Samples.InTurnsAsync(
            40, Turns,
            () => Task.FromResult(bodies.Sum(body => CanonicalForm.Decode(body).Sequence)),
            () => Task.FromResult(bodies.Sum(body => body.ToArray().Length)));
        yield return Line.Of($"audit page: decoding {bodies.Count} events, part of each line below, against copying their bytes", decoding, copying, double.PositiveInfinity) with { Target = "none: for reading the rest" };
        foreach (var asked in await CasesAsync(many))
        {
            var small = smallCases.Single(other => other.Name == asked.Name);
            using var command = hand.CreateCommand();
#pragma warning disable CA2100 // The statements are written below.
            command.CommandText = $"SELECT e.body, e.personal FROM {asked.Statement} LIMIT {PageLength + 1}";
#pragma warning restore CA2100
            foreach (var (name, value) in asked.Parameters)
            {
                command.Parameters.AddWithValue(name, value);
            }

            command.Prepare();
            var found = (await ReadAsync(many, asked)).Entries.Count;
            var byHand = Fetch(command);
            if (Math.Min(byHand, PageLength) != found)
            {
                throw new InvalidOperationException($"{asked.Name}: the console found {found} events, the statement by hand {byHand}.");
            }

            var (subject, floor) = await Samples.InTurnsAsync(
                40, Turns,
                () => ReadAsync(many, asked),
                () => Task.FromResult(Fetch(command)));
            yield return Line.Of($"audit page, {asked.Name}, {events} events, against SQL by hand with its rows decoded ({found} rows)", subject, floor, 2);

            // Only where the short trail fills the page too: otherwise the two would differ by what they return.
            if ((await ReadAsync(few, small)).Entries.Count == found)
            {
                var (long_, brief) = await Samples.InTurnsAsync(40, Turns, () => ReadAsync(many, asked), () => ReadAsync(few, small));
                yield return Line.Of($"audit page, {asked.Name}, {events} events, against itself on {fewer}", long_, brief, 1.3);
            }
        }

        yield return await RareWordAsync(many, hand, events);
        yield return await ChartAsync(many, events);
    }

    /// <summary>A ticket that few events have, by the index of words against looking into each event.</summary>
    private static async Task<Line> RareWordAsync(ConsoleStage stage, SqliteConnection hand, string events)
    {
        using var like = hand.CreateCommand();
        like.CommandText = $"SELECT count(*) FROM audit_event WHERE CAST(personal AS TEXT) LIKE '%{Ticket}%'";
        var asked = new Case(Ticket, new AuditQuery { Text = Ticket }, "");
        var (found, scanned) = (0L, new Samples());
        for (var round = 0; round < 3; round++)
        {
            await scanned.TakeAsync(() => Task.Run(() => found = (long)like.ExecuteScalar()!));
        }

        if (Math.Min(found, PageLength) != (await ReadAsync(stage, asked)).Entries.Count)
        {
            throw new InvalidOperationException($"The index and a look into each event differ about {Ticket}: {found} have it.");
        }

        var indexed = new Samples();
        for (var turn = 0; turn < Turns; turn++)
        {
            await indexed.TakeAsync(() => ReadAsync(stage, asked));
        }

        return Line.Of($"audit page, a word that {found} of {events} events have, against LIKE", indexed, scanned, 0.02);
    }

    /// <summary>The chart of all of it, once its counts are kept.</summary>
    private static async Task<Line> ChartAsync(ConsoleStage stage, string events)
    {
        var drawn = new Samples();
        await stage.Get<AuditTrail>().CountAsync(CancellationToken.None);
        for (var turn = 0; turn < Turns; turn++)
        {
            await drawn.TakeAsync(async () =>
            {
                await stage.Get<AuditTrail>().CountAsync(CancellationToken.None);
                await stage.Get<ConsoleDb>().ReadAsync(connection => TrailCounts.Sum(connection, AuditQuery.All, 0, long.MaxValue), CancellationToken.None);
            });
        }

        return new Line(
            $"chart of {events} events, after the first time", string.Create(CultureInfo.InvariantCulture, $"{drawn.P50:0} / {drawn.P99:0} ms"), "-", "-", "≤ 300 ms", drawn.P50 <= 300);
    }

    private static Task<AuditPage> ReadAsync(ConsoleStage stage, Case asked) =>
        stage.Get<AuditReader>().ReadAsync(asked.Query, asked.Before, PageLength, CancellationToken.None);

    private static Task<List<byte[]>> BodiesAsync(ConsoleStage stage) => stage.Get<ConsoleDb>().ReadAsync(
        connection =>
        {
            using var command = connection.Prepare("SELECT body FROM audit_event ORDER BY seq DESC LIMIT $take", ("$take", PageLength + 1));
            using var rows = command.ExecuteReader();
            var bodies = new List<byte[]>();
            while (rows.Read())
            {
                bodies.Add((byte[])rows.GetValue(0));
            }

            return bodies;
        },
        CancellationToken.None);

    private static int Fetch(SqliteCommand command)
    {
        var found = 0;
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            _ = CanonicalForm.Decode((byte[])rows.GetValue(0)).With(rows.IsDBNull(1) ? null : PersonalText.Decode((byte[])rows.GetValue(1)));
            found++;
        }

        return found;
    }

    private static async Task<IReadOnlyList<Case>> CasesAsync(ConsoleStage stage)
    {
        var reader = stage.Get<AuditReader>();
        var last = (await reader.ReadAsync(AuditQuery.All, null, 1, CancellationToken.None)).Entries[0];
        var middle = (await EntryAtAsync(stage, last.Sequence / 2))!;
        var (start, end) = (middle.Event.At.AddDays(-1), middle.Event.At.AddDays(1));
        var busy = await BusySessionAsync(stage, middle.Sequence);
        var actor = TrailFiller.StaffAt(0);
        var user = new AuditSubjectKey(busy.Event.Subject!.Collection, busy.Event.Subject.Id);
        var session = busy.Event.SessionId!;
        var word = "notification";
        var (from, to, at) = (StoredTime.From(start), StoredTime.From(end), StoredTime.From(middle.Event.At));
        const string newest = "ORDER BY f.time DESC, e.seq DESC";
        const string text = "audit_text t CROSS JOIN audit_event e ON e.seq = t.rowid WHERE audit_text MATCH $words ORDER BY t.rowid DESC";
        return
        [
            new("everything", AuditQuery.All, $"audit_find f INDEXED BY audit_by_time {Entry} {newest}"),
            new("everything, from the middle", AuditQuery.All, $"audit_find f INDEXED BY audit_by_time {Entry} WHERE (f.time, f.seq) < ($at, $seq) {newest}", ("$at", at), ("$seq", middle.Sequence))
            {
                Before = new AuditCursor(StoredTime.From(middle.Event.At), middle.Sequence),
            },
            new("two days", new AuditQuery { From = start, To = end }, $"audit_find f INDEXED BY audit_by_time {Entry} WHERE f.time >= $from AND f.time < $to {newest}", ("$from", from), ("$to", to)),
            new("staff", new AuditQuery { Actor = actor }, $"audit_find f INDEXED BY audit_by_actor {Entry} WHERE f.actor = $a {newest}", ("$a", Print(actor.Value!))),
            new("user", new AuditQuery { Subject = user }, $"audit_find f INDEXED BY audit_by_subject {Entry} WHERE f.subject = $u {newest}", ("$u", Print(user.ToString()))),
            new("event", new AuditQuery { Types = [AuditEventTypes.RoleGranted] }, $"audit_find f INDEXED BY audit_by_type {Entry} WHERE f.type = $t {newest}", ("$t", AuditEventTypes.RoleGranted)),
            new("outcome denied", new AuditQuery { Outcome = AuditOutcome.Denied }, $"audit_find f INDEXED BY audit_refused {Entry} WHERE {Refused} f.outcome = 1 {newest}"),
            new("outcome success", new AuditQuery { Outcome = AuditOutcome.Success }, $"audit_find f INDEXED BY audit_by_time {Entry} WHERE f.outcome = 0 {newest}"),
            new("session", new AuditQuery { SessionId = session }, $"audit_find f INDEXED BY audit_by_session {Entry} WHERE f.session = $s {newest}", ("$s", Print(session))),
            new("staff and event", new AuditQuery { Actor = actor, Types = [AuditEventTypes.SessionOpened] },
                $"audit_find f INDEXED BY audit_by_actor_type {Entry} WHERE f.actor = $a AND f.type = $t {newest}", ("$a", Print(actor.Value!)), ("$t", AuditEventTypes.SessionOpened)),
            new("staff and denied", new AuditQuery { Actor = actor, Outcome = AuditOutcome.Denied },
                $"audit_find f INDEXED BY audit_refused_by_actor {Entry} WHERE {Refused} f.outcome = 1 AND f.actor = $a {newest}", ("$a", Print(actor.Value!))),
            new("event and failed", new AuditQuery { Types = [AuditEventTypes.PolicyDenied], Outcome = AuditOutcome.Failed },
                $"audit_find f INDEXED BY audit_refused_by_type {Entry} WHERE {Refused} f.outcome = 2 AND f.type = $t {newest}", ("$t", AuditEventTypes.PolicyDenied)),
            new("staff and user", new AuditQuery { Actor = busy.Event.Actor.Id, Subject = user },
                $"audit_find f INDEXED BY audit_by_subject {Entry} WHERE f.subject = $u AND f.actor = $a {newest}", ("$u", Print(user.ToString())), ("$a", Print(busy.Event.Actor.Id.Value!))),
            new("text", new AuditQuery { Text = word }, text, ("$words", Words(new AuditQuery { Text = word }))),
            new("text and staff", new AuditQuery { Text = word, Actor = actor },
                "audit_text t CROSS JOIN audit_event e ON e.seq = t.rowid WHERE audit_text MATCH $words AND e.actor = $a ORDER BY t.rowid DESC",
                ("$words", Words(new AuditQuery { Text = word })), ("$a", Print(actor.Value!))),
            new("a ticket as text", new AuditQuery { Text = Ticket }, text, ("$words", Words(new AuditQuery { Text = Ticket }))),
        ];
    }

    private static long Print(string text) => IdFingerprint.Of(text)!.Value;

    private static string Words(AuditQuery query) => IndexWords.Asking(query)!;

    private static Task<AuditEntry?> EntryAtAsync(ConsoleStage stage, long sequence) => stage.Get<ConsoleDb>().ReadAsync(
        connection =>
        {
            using var body = connection.Prepare("SELECT body FROM audit_event WHERE seq = $seq", ("$seq", sequence));
            return body.ExecuteScalar() is byte[] bytes ? new AuditEntry(sequence, CanonicalForm.Decode(bytes).Event, CanonicalForm.LeafHash(bytes)) : null;
        },
        CancellationToken.None);

    private static async Task<AuditEntry> BusySessionAsync(ConsoleStage stage, long from)
    {
        for (var sequence = from; ; sequence++)
        {
            if (await EntryAtAsync(stage, sequence) is { Event.SessionId: not null } entry)
            {
                return entry;
            }
        }
    }

    private sealed record Case(string Name, AuditQuery Query, string Statement, params (string Name, object Value)[] Parameters)
    {
        public AuditCursor? Before { get; init; }
    }
}
