using Microsoft.Data.Sqlite;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>
/// The audit page's question by every filter on a trail of a million events, against the statement somebody would write by hand
/// for it, and against itself on a trail of ten thousand.
/// </summary>
internal sealed class AuditPages : Row
{
    private const int PageLength = 50;
    private const int Turns = 400;

    private const string Refused = "e.outcome <> 0 AND";

    public override string Name => "audit-page";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        await using var few = await ConsoleStage.StartAsync(await TrailFiller.FolderAsync(10_000));
        await using var many = await ConsoleStage.StartAsync(await TrailFiller.FolderAsync(1_000_000));
        using var hand = new SqliteConnection($"Data Source={many.Get<ConsoleDb>().File};Mode=ReadOnly;Pooling=False");
        hand.Open();
        using (var settings = hand.CreateCommand())
        {
            settings.CommandText = "PRAGMA cache_size = -16384";
            settings.ExecuteNonQuery();
        }

        var smallCases = await CasesAsync(few);
        foreach (var asked in await CasesAsync(many))
        {
            // Both trails answer a full page, or the comparison would be of lengths.
            var small = smallCases.Single(other => other.Name == asked.Name);
            using var command = hand.CreateCommand();
#pragma warning disable CA2100 // The statements are written below.
            command.CommandText = $"SELECT e.body FROM {asked.Statement} LIMIT {PageLength + 1}";
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
            yield return Line.Of($"audit page, {asked.Name}, 1,000,000 events, against SQL by hand ({found} rows)", subject, floor, 2);

            var (long_, short_) = await Samples.InTurnsAsync(40, Turns, () => ReadAsync(many, asked), () => ReadAsync(few, small));
            var foundShort = (await ReadAsync(few, small)).Entries.Count;
            yield return Line.Of($"audit page, {asked.Name}, against itself on 10,000 ({foundShort} rows)", long_, short_, 1.3);
        }
    }

    private static Task<AuditPage> ReadAsync(ConsoleStage stage, Case asked) =>
        stage.Get<AuditReader>().ReadAsync(asked.Query, asked.Before, PageLength, CancellationToken.None);

    private static int Fetch(SqliteCommand command)
    {
        var found = 0;
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            _ = (byte[])rows.GetValue(0);
            found++;
        }

        return found;
    }

    private static async Task<IReadOnlyList<Case>> CasesAsync(ConsoleStage stage)
    {
        var reader = stage.Get<AuditReader>();
        var head = (await reader.HeadAsync(CancellationToken.None))!;
        var middle = (await reader.FindAsync(head.Sequence / 2, CancellationToken.None))!;
        var (start, end) = (middle.Event.At.AddDays(-1), middle.Event.At.AddDays(1));
        var busy = await BusySessionAsync(reader, middle.Sequence);
        var actor = TrailFiller.StaffAt(0);
        var user = new AuditSubjectKey(busy.Event.Subject!.Collection, busy.Event.Subject.Id);
        var session = busy.Event.SessionId!;
        var word = "notification";
        var (from, to, at) = (StoredTime.From(start), StoredTime.From(end), StoredTime.From(middle.Event.At));
        const string newest = "ORDER BY e.time DESC, e.seq DESC";
        const string text = "audit_text t JOIN audit_event e ON e.seq = t.rowid WHERE audit_text MATCH $words ORDER BY t.rowid DESC";
        return
        [
            new("everything", AuditQuery.All, $"audit_event e {newest}"),
            new("everything, from the middle", AuditQuery.All, $"audit_event e WHERE (e.time, e.seq) < ($at, $seq) {newest}", ("$at", at), ("$seq", middle.Sequence))
            {
                Before = new AuditCursor(middle.Event.At, middle.Sequence),
            },
            new("two days", new AuditQuery { From = start, To = end }, $"audit_event e WHERE e.time >= $from AND e.time < $to {newest}", ("$from", from), ("$to", to)),
            new("staff", new AuditQuery { Actor = actor }, $"audit_event e INDEXED BY audit_by_actor WHERE e.actor = $a {newest}", ("$a", actor.Value!)),
            new("user", new AuditQuery { Subject = user }, $"audit_event e INDEXED BY audit_by_subject WHERE e.subject = $u {newest}", ("$u", user.Stored)),
            new("event", new AuditQuery { Type = AuditEventTypes.RoleGranted }, $"audit_event e INDEXED BY audit_by_type WHERE e.type = $t {newest}", ("$t", AuditEventTypes.RoleGranted)),
            new("outcome denied", new AuditQuery { Outcome = AuditOutcome.Denied }, $"audit_event e INDEXED BY audit_refused WHERE {Refused} e.outcome = 1 {newest}"),
            new("outcome success", new AuditQuery { Outcome = AuditOutcome.Success }, $"audit_event e INDEXED BY audit_by_time WHERE e.outcome = 0 {newest}"),
            new("session", new AuditQuery { SessionId = session }, $"audit_event e INDEXED BY audit_by_session WHERE e.session = $s {newest}", ("$s", session)),
            new("staff and event", new AuditQuery { Actor = actor, Type = AuditEventTypes.SessionOpened },
                $"audit_event e INDEXED BY audit_by_actor_type WHERE e.actor = $a AND e.type = $t {newest}", ("$a", actor.Value!), ("$t", AuditEventTypes.SessionOpened)),
            new("staff and denied", new AuditQuery { Actor = actor, Outcome = AuditOutcome.Denied },
                $"audit_event e INDEXED BY audit_refused_by_actor WHERE {Refused} e.outcome = 1 AND e.actor = $a {newest}", ("$a", actor.Value!)),
            new("event and failed", new AuditQuery { Type = AuditEventTypes.PolicyDenied, Outcome = AuditOutcome.Failed },
                $"audit_event e INDEXED BY audit_refused_by_type WHERE {Refused} e.outcome = 2 AND e.type = $t {newest}", ("$t", AuditEventTypes.PolicyDenied)),
            new("staff and user", new AuditQuery { Actor = busy.Event.Actor.Id, Subject = user },
                $"audit_event e INDEXED BY audit_by_subject WHERE e.subject = $u AND e.actor = $a {newest}", ("$u", user.Stored), ("$a", busy.Event.Actor.Id.Value!)),
            new("text", new AuditQuery { Text = word }, text, ("$words", Words(new AuditQuery { Text = word }))),
            new("text and staff", new AuditQuery { Text = word, Actor = actor },
                "audit_text t JOIN audit_event e ON e.seq = t.rowid WHERE audit_text MATCH $words AND e.actor = $a ORDER BY t.rowid DESC",
                ("$words", Words(new AuditQuery { Text = word })), ("$a", actor.Value!)),
            new("a ticket as text", new AuditQuery { Text = busy.Event.Ticket! }, text, ("$words", Words(new AuditQuery { Text = busy.Event.Ticket! }))),
        ];
    }

    private static string Words(AuditQuery query) => AuditWords.Asking(query)!;

    private static async Task<AuditEntry> BusySessionAsync(AuditReader reader, long from)
    {
        for (var sequence = from; ; sequence++)
        {
            if (await reader.FindAsync(sequence, CancellationToken.None) is { Event.SessionId: not null } entry)
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
