using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Features.Audit.Finding;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>What the writer does to the trail, on its connection and inside its transaction. One thread at a time.</summary>
/// <param name="wordless">Told of each entry whose words can't be indexed.</param>
internal sealed partial class TrailTable(Action<long, Exception> wordless)
{
    private const long Unknown = -1;

    private readonly TreeTable _tree = new();
    private Statements? _statements;
    private long _last = Unknown;

    /// <summary>Forgets where the trail ends: another transaction begins.</summary>
    public void ForgetEnd() => _last = Unknown;

    /// <summary>Forgets what was appended in this transaction: it has been taken back.</summary>
    public void ForgetAppended()
    {
        ForgetEnd();
        _tree.Forget();
    }

    /// <summary>Whether a database that isn't the writer's connection has this entry at its place.</summary>
    public static bool HasAlone(SqliteConnection connection, AuditEntry entry)
    {
        using var leaf = connection.Prepare("SELECT leaf FROM audit_event WHERE seq = $seq", ("$seq", entry.Sequence));
        return leaf.ExecuteScalar() is byte[] found && entry.LeafHash.AsSpan().SequenceEqual(found);
    }

    /// <summary>Whether the trail still has this entry at its place.</summary>
    public bool Has(SqliteConnection connection, AuditEntry entry)
    {
        var statements = StatementsOn(connection);
        statements.Asked.Value = entry.Sequence;
        return statements.LeafAt.ExecuteScalar() is byte[] leaf && entry.LeafHash.AsSpan().SequenceEqual(leaf);
    }

    /// <summary>Adds events at the trail's end, in their order.</summary>
    public IReadOnlyList<AuditEntry> Append(SqliteConnection connection, IReadOnlyList<AuditEvent> events)
    {
        var statements = StatementsOn(connection);
        if (_last == Unknown)
        {
            // Another instance may have appended since.
            var (end, newest) = statements.ReadEnd();
            _tree.Resume(connection, end, newest);
            _last = end;
        }

        var added = new List<AuditEntry>(events.Count);
        foreach (var occurred in events)
        {
            var sequence = _last + 1;
            var personal = PersonalText.Of(occurred);
            var body = CanonicalForm.Encode(sequence, occurred, personal);
            var entry = new AuditEntry(sequence, occurred, CanonicalForm.LeafHash(body));
            statements.Insert(entry, body, personal?.Encode());
            _tree.Extend(connection, TreeHash.FromBytes(entry.LeafHash.AsSpan()));
            _last = sequence;
            added.Add(entry);
        }

        return added;
    }

    /// <summary>Makes the next events findable by their columns and words.</summary>
    /// <param name="connection">The writer's connection.</param>
    /// <param name="limit">How many at most.</param>
    /// <returns>How far the index has come, and where the trail ends.</returns>
    public (long IndexedTo, long End) IndexSome(SqliteConnection connection, int limit)
    {
        var end = TreeTable.SizeOn(connection);
        // Read anew each time: another instance may have gone on.
        var from = connection.Number("SELECT seq FROM audit_found");
        if (from < end)
        {
            var to = Math.Min(from + limit, end);
            Index(connection, from + 1, to);
            from = to;
        }
        else
        {
            // With nothing to write, whether there is still something to write to.
            connection.Number("SELECT rowid FROM audit_text WHERE audit_text MATCH 'a' LIMIT 1");
        }

        TrailCounts.CountSome(connection);
        return (from, end);
    }

    /// <summary>Makes up for the tree's tiles of events from before there were any, so many at most. Whether there are more.</summary>
    public bool GrowTree(SqliteConnection connection, long limit) => _tree.CatchUpSome(connection, limit);

    private void Index(SqliteConnection connection, long first, long last)
    {
        using var find = connection.Prepare(
            """
            INSERT INTO audit_find (seq, time, type, outcome, actor, subject, session)
            SELECT seq, time, type, outcome, actor, subject, session FROM audit_event
            WHERE seq BETWEEN $first AND $last AND seq NOT IN (SELECT seq FROM audit_find WHERE seq BETWEEN $first AND $last)
            """,
            ("$first", first), ("$last", last));
        find.ExecuteNonQuery();

        using var read = connection.Prepare(
            "SELECT seq, body, personal FROM audit_event WHERE seq BETWEEN $first AND $last ORDER BY seq", ("$first", first), ("$last", last));
        using var write = connection.Prepare("INSERT INTO audit_text (rowid, words) VALUES ($seq, $words)");
        var seq = write.Parameters.Add("$seq", SqliteType.Integer);
        var words = write.Parameters.Add("$words", SqliteType.Text);
        using (var rows = read.ExecuteReader())
        {
            while (rows.Read())
            {
                seq.Value = rows.GetInt64(0);
                words.Value = WordsOf(rows.GetInt64(0), rows);
                write.ExecuteNonQuery();
            }
        }

        using var progress = connection.Prepare("UPDATE audit_found SET seq = $seq", ("$seq", last));
        progress.ExecuteNonQuery();
    }

    // An entry whose words can't be told is found by the columns beside it, and the others are indexed as ever.
    private string WordsOf(long sequence, SqliteDataReader row)
    {
        try
        {
            return IndexWords.Of(CanonicalForm.Decode((byte[])row.GetValue(1)).With(PersonalIn(row, 2)));
        }
#pragma warning disable CA1031 // Whatever one entry holds: it must not keep the others from being found.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            wordless(sequence, fault);
            return "";
        }
    }

    private Statements StatementsOn(SqliteConnection connection) =>
        _statements is { } known && known.Connection == connection ? known : _statements = new Statements(connection);

    /// <summary>What each append asks and does, prepared once a connection, which disposes of it.</summary>
    private sealed class Statements
    {
        private readonly SqliteCommand _end, _insert;
        private readonly SqliteParameter _seq, _time, _type, _outcome, _actor, _subject, _session, _leaf, _body, _personal;

        public Statements(SqliteConnection connection)
        {
            Connection = connection;
            _end = connection.Prepare("SELECT seq, leaf, body FROM audit_event ORDER BY seq DESC LIMIT 1");
            LeafAt = connection.Prepare("SELECT leaf FROM audit_event WHERE seq = $seq");
            Asked = LeafAt.Parameters.Add("$seq", SqliteType.Integer);
            _insert = connection.Prepare(
                """
                INSERT INTO audit_event (seq, time, type, outcome, actor, subject, session, leaf, body, personal)
                VALUES ($seq, $time, $type, $outcome, $actor, $subject, $session, $leaf, $body, $personal)
                """);
            _seq = _insert.Parameters.Add("$seq", SqliteType.Integer);
            _time = _insert.Parameters.Add("$time", SqliteType.Integer);
            _type = _insert.Parameters.Add("$type", SqliteType.Text);
            _outcome = _insert.Parameters.Add("$outcome", SqliteType.Integer);
            _actor = _insert.Parameters.Add("$actor", SqliteType.Integer);
            _subject = _insert.Parameters.Add("$subject", SqliteType.Integer);
            _session = _insert.Parameters.Add("$session", SqliteType.Integer);
            _leaf = _insert.Parameters.Add("$leaf", SqliteType.Blob);
            _body = _insert.Parameters.Add("$body", SqliteType.Blob);
            _personal = _insert.Parameters.Add("$personal", SqliteType.Blob);
        }

        public SqliteConnection Connection { get; }

        public SqliteCommand LeafAt { get; }

        public SqliteParameter Asked { get; }

        /// <summary>The newest event's place and leaf; nothing's where there is none.</summary>
        public (long Sequence, TreeHash Leaf) ReadEnd()
        {
            using var row = _end.ExecuteReader();
            return row.Read() ? (row.GetInt64(0), TreeTable.LeafIn((byte[])row.GetValue(1), () => (byte[])row.GetValue(2))) : (0, TreeHash.Empty);
        }

        public void Insert(AuditEntry entry, byte[] body, byte[]? personal)
        {
            var occurred = entry.Event;
            _seq.Value = entry.Sequence;
            var columns = EventColumns.Of(occurred);
            _time.Value = columns.Time;
            _type.Value = occurred.Type;
            _outcome.Value = (long)occurred.Outcome;
            _actor.Value = columns.Actor;
            _subject.Value = Stored(columns.Subject);
            _session.Value = Stored(columns.Session);
            _leaf.Value = entry.LeafHash.ToArray();
            _body.Value = body;
            _personal.Value = personal is null ? DBNull.Value : personal;
            _insert.ExecuteNonQuery();
        }

        private static object Stored(long? fingerprint) => fingerprint is { } number ? number : DBNull.Value;
    }
}
