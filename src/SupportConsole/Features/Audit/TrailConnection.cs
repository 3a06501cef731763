using Microsoft.Data.Sqlite;
using SQLitePCL;
using SupportConsole.Core.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>The writer's connection with its prepared statements. One thread at a time.</summary>
internal sealed class TrailConnection : IDisposable
{
    private const string Insert =
        """
        INSERT INTO audit_event (seq, time, type, outcome, actor, subject, session, leaf, body)
        VALUES ($seq, $time, $type, $outcome, $actor, $subject, $session, $leaf, $body)
        """;

    private readonly SqliteConnection _connection;
    private readonly Action<long, Exception> _wordless;
    private readonly SqliteCommand _head;
    private readonly SqliteCommand _leafAt;
    private readonly SqliteCommand _insert;
    private readonly SqliteParameter _asked;
    private readonly SqliteParameter _seq, _time, _type, _outcome, _actor, _subject, _session, _leaf, _body;
    private long _indexedTo = -1;

    /// <param name="connection">The connection, which becomes this one's own.</param>
    /// <param name="wordless">Told of each entry whose words can't be indexed.</param>
    public TrailConnection(SqliteConnection connection, Action<long, Exception> wordless)
    {
        _connection = connection;
        _wordless = wordless;
        _head = connection.Prepare("SELECT max(seq) FROM audit_event");
        _leafAt = connection.Prepare("SELECT leaf FROM audit_event WHERE seq = $seq");
        _asked = _leafAt.Parameters.Add("$seq", SqliteType.Integer);
        _insert = connection.Prepare(Insert);
        _seq = _insert.Parameters.Add("$seq", SqliteType.Integer);
        _time = _insert.Parameters.Add("$time", SqliteType.Integer);
        _type = _insert.Parameters.Add("$type", SqliteType.Text);
        _outcome = _insert.Parameters.Add("$outcome", SqliteType.Integer);
        _actor = _insert.Parameters.Add("$actor", SqliteType.Integer);
        _subject = _insert.Parameters.Add("$subject", SqliteType.Integer);
        _session = _insert.Parameters.Add("$session", SqliteType.Integer);
        _leaf = _insert.Parameters.Add("$leaf", SqliteType.Blob);
        _body = _insert.Parameters.Add("$body", SqliteType.Blob);
    }

    /// <summary>The newest event's place, as of the transaction begun last.</summary>
    public long Last { get; private set; }

    /// <summary>Takes the write lock and reads where the trail ends: another instance may have appended since.</summary>
    public void Begin()
    {
        Execute("BEGIN IMMEDIATE");
        Last = _head.ExecuteScalar() is long place ? place : 0;
    }

    /// <summary>Whether the trail still has this entry at its place.</summary>
    public bool Has(AuditEntry entry)
    {
        _asked.Value = entry.Sequence;
        return _leafAt.ExecuteScalar() is byte[] leaf && entry.LeafHash.AsSpan().SequenceEqual(leaf);
    }

    /// <summary>Adds one append to the transaction.</summary>
    /// <returns>How many events it added: none when its own change refused.</returns>
    public int Add(AuditTrail.Pending pending)
    {
        if (pending.Alongside is not { } alongside)
        {
            pending.Added = Add(pending.Events);
            return pending.Events.Count;
        }

        var before = Last;
        Execute("SAVEPOINT append");
        try
        {
            pending.Added = Add(pending.Events);
            alongside(_connection);
        }
#pragma warning disable CA1031 // The caller's own change: whatever it throws belongs to the caller, and to nobody else in the batch.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            pending.Undone = fault;
        }

        if (raw.sqlite3_get_autocommit(_connection.Handle) != 0)
        {
            // Grave errors end the whole transaction, and so would a COMMIT in the change: nothing of the batch is certain then.
            throw new InvalidOperationException("The change ended the trail's transaction.", pending.Undone);
        }

        if (pending.Undone is not null)
        {
            Execute("ROLLBACK TO append");
            Last = before;
        }

        Execute("RELEASE append");
        return (int)(Last - before);
    }

    /// <summary>Commits; on return the events are on the disk.</summary>
    public void Commit() => Execute("COMMIT");

    /// <summary>Commits a change that changes nothing: what only a commit tells, such as a full disk, is told.</summary>
    public void CommitNothing()
    {
        Execute("UPDATE audit_found SET seq = seq");
        Commit();
    }

    /// <summary>Ends a transaction that has nothing to keep.</summary>
    public void Rollback() => Execute("ROLLBACK");

    /// <summary>How many events can't be found yet.</summary>
    public long Behind()
    {
        if (_indexedTo < 0)
        {
            _indexedTo = _connection.Number("SELECT seq FROM audit_found");
        }

        return Last - _indexedTo;
    }

    /// <summary>Makes the next events findable by their columns and words.</summary>
    /// <returns>How many events are left.</returns>
    public long Index(int limit)
    {
        Begin();
        try
        {
            // Read anew for the same reason as the trail's end.
            _indexedTo = _connection.Number("SELECT seq FROM audit_found");
            if (_indexedTo < Last)
            {
                Index(_indexedTo + 1, Math.Min(_indexedTo + limit, Last));
            }
            else
            {
                // With nothing to write, whether there is still something to write to.
                _connection.Number("SELECT rowid FROM audit_text WHERE audit_text MATCH 'a' LIMIT 1");
            }

            Commit();
        }
        catch
        {
            _indexedTo = -1;
            raw.sqlite3_exec(_connection.Handle, "ROLLBACK");
            throw;
        }

        return Last - _indexedTo;
    }

    /// <summary>Moves the write-ahead log into the file as far as no reader is in the way.</summary>
    public void CarryLogOver() => _connection.Run("PRAGMA wal_checkpoint(PASSIVE)");

    public void Dispose()
    {
        _head.Dispose();
        _leafAt.Dispose();
        _insert.Dispose();
        _connection.Dispose();
    }

    private List<AuditEntry> Add(IReadOnlyList<AuditEvent> events)
    {
        var added = new List<AuditEntry>(events.Count);
        foreach (var occurred in events)
        {
            var sequence = Last + 1;
            var body = CanonicalForm.Encode(sequence, occurred);
            var entry = new AuditEntry(sequence, occurred, CanonicalForm.LeafHash(body));
            _seq.Value = sequence;
            _time.Value = StoredTime.From(occurred.At);
            _type.Value = occurred.Type;
            _outcome.Value = (long)occurred.Outcome;
            _actor.Value = IdFingerprint.Of(occurred.Actor.Id.Value);
            _subject.Value = Stored(IdFingerprint.Of(
                occurred.Subject is { } subject ? new AuditSubjectKey(subject.Collection, subject.Id).ToString() : null));
            _session.Value = Stored(IdFingerprint.Of(occurred.SessionId));
            _leaf.Value = entry.LeafHash.ToArray();
            _body.Value = body;
            _insert.ExecuteNonQuery();
            Last = sequence;
            added.Add(entry);
        }

        return added;
    }

    private static object Stored(long? fingerprint) => fingerprint is { } number ? number : DBNull.Value;

    private void Index(long first, long last)
    {
        using var find = _connection.Prepare(
            """
            INSERT INTO audit_find (seq, time, type, outcome, actor, subject, session)
            SELECT seq, time, type, outcome, actor, subject, session FROM audit_event
            WHERE seq BETWEEN $first AND $last AND seq NOT IN (SELECT seq FROM audit_find WHERE seq BETWEEN $first AND $last)
            """,
            ("$first", first), ("$last", last));
        find.ExecuteNonQuery();

        using var read = _connection.Prepare(
            "SELECT seq, body FROM audit_event WHERE seq BETWEEN $first AND $last ORDER BY seq", ("$first", first), ("$last", last));
        using var write = _connection.Prepare("INSERT INTO audit_text (rowid, words) VALUES ($seq, $words)");
        var seq = write.Parameters.Add("$seq", SqliteType.Integer);
        var words = write.Parameters.Add("$words", SqliteType.Text);
        using (var rows = read.ExecuteReader())
        {
            while (rows.Read())
            {
                seq.Value = rows.GetInt64(0);
                words.Value = WordsOf(rows.GetInt64(0), (byte[])rows.GetValue(1));
                write.ExecuteNonQuery();
            }
        }

        using var progress = _connection.Prepare("UPDATE audit_found SET seq = $seq", ("$seq", last));
        progress.ExecuteNonQuery();
        _indexedTo = last;
    }

    // An entry whose words can't be told is found by the columns beside it, and the others are indexed as ever.
    private string WordsOf(long sequence, byte[] body)
    {
        try
        {
            return IndexWords.Of(CanonicalForm.Decode(body).Event);
        }
#pragma warning disable CA1031 // Whatever one entry holds: it must not keep the others from being found.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _wordless(sequence, fault);
            return "";
        }
    }

    /// <summary>Past the library, which would repeat a busy statement for a second or more: SQLite's own limit is the exact one.</summary>
    private void Execute(string statement)
    {
        var code = raw.sqlite3_exec(_connection.Handle, statement);
        SqliteException.ThrowExceptionForRC(code, _connection.Handle);
    }
}
