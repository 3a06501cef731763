using System.Text;
using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Erasing;

/// <summary>The statements of erasures. Those that change something run on the writer's connection, inside its transaction.</summary>
internal static class ErasureTable
{
    /// <summary>Events that one piece erases at most.</summary>
    public const int Piece = 512;

    /// <summary>Events that one piece looks at, most of which are other people's: a few milliseconds.</summary>
    private const int Looked = 4096;

    /// <summary>Events that the index has of a person: of an app's user those about them, of staff those of their doing too.</summary>
    public static ErasureCount Count(SqliteConnection connection, AuditSubjectKey person)
    {
        var (actor, subject) = FingerprintsOf(person);
        using var query = connection.Prepare(
            """
            SELECT count(e.personal), count(*) - count(e.personal) FROM (
                SELECT seq FROM audit_find WHERE actor = $actor UNION SELECT seq FROM audit_find WHERE subject = $subject AND type <> $kept) f
            JOIN audit_event e ON e.seq = f.seq
            """,
            ("$actor", actor), ("$subject", subject), ("$kept", AuditEventTypes.AuditErased));
        using var row = query.ExecuteReader();
        row.Read();
        return new ErasureCount(row.GetInt64(0), row.GetInt64(1));
    }

    /// <summary>Writes down, right behind its event, that an erasure has begun.</summary>
    public static void Begin(SqliteConnection connection, AuditSubjectKey person, DateTimeOffset at)
    {
        using var insert = connection.Prepare(
            "INSERT INTO audit_erasure (seq, collection, id, at) SELECT max(seq), $collection, $id, $at FROM audit_event",
            ("$collection", person.Collection), ("$id", person.Id), ("$at", StoredTime.From(at)));
        insert.ExecuteNonQuery();
    }

    /// <summary>Those that have yet to come to an end, oldest first.</summary>
    public static List<PendingErasure> Unfinished(SqliteConnection connection)
    {
        using var query = connection.Prepare("SELECT seq, collection, id, at FROM audit_erasure WHERE finished = 0 ORDER BY seq");
        return [.. query.Rows(row => new PendingErasure(
            row.GetInt64(0), new AuditSubjectKey(row.GetString(1), row.GetString(2)), StoredTime.ToInstant(row.GetInt64(3))))];
    }

    /// <summary>How many events an erasure has taken the texts from, and how many it had to leave.</summary>
    public static ErasureCount Done(SqliteConnection connection, PendingErasure erasure) => new(
        connection.Number("SELECT erased FROM audit_erasure WHERE seq = $seq", ("$seq", erasure.Sequence)),
        connection.Number("SELECT remaining FROM audit_erasure WHERE seq = $seq", ("$seq", erasure.Sequence)));

    /// <summary>Goes through the next events. False when there are none left.</summary>
    public static bool EraseSome(SqliteConnection connection, PendingErasure erasure)
    {
        var come = connection.Number("SELECT come FROM audit_erasure WHERE seq = $seq", ("$seq", erasure.Sequence));
        if (come >= erasure.Sequence - 1)
        {
            return false;
        }

        var to = Math.Min(come + Looked, erasure.Sequence - 1);
        var found = OfPerson(connection, erasure.Person, come, to);
        var indexed = connection.Number("SELECT seq FROM audit_found");
        long erased = 0, remaining = 0;
        foreach (var row in found)
        {
            if (row.Personal is null)
            {
                remaining += row.Kept is { Version: < 3 } ? 1 : 0;
            }
            else if (Left(row, erasure) is { } left)
            {
                using var update = connection.Prepare(
                    "UPDATE audit_event SET personal = $personal WHERE seq = $seq", ("$personal", left.Encode()), ("$seq", row.Sequence));
                update.ExecuteNonQuery();
                if (row.Sequence <= indexed && row.Words is { } words)
                {
                    WordIndex.Forget(connection, row.Sequence, words);
                    WordIndex.Learn(connection, row.Sequence, IndexWords.Of(row.Kept!.With(left)));
                }

                erased++;
            }
        }

        using var progress = connection.Prepare(
            "UPDATE audit_erasure SET come = $come, erased = erased + $erased, remaining = remaining + $remaining WHERE seq = $seq",
            ("$come", found.Count == Piece ? found[^1].Sequence : to), ("$erased", erased), ("$remaining", remaining), ("$seq", erasure.Sequence));
        progress.ExecuteNonQuery();
        return true;
    }

    /// <summary>Notes that an erasure has come to its end.</summary>
    public static void Finish(SqliteConnection connection, PendingErasure erasure)
    {
        using var update = connection.Prepare("UPDATE audit_erasure SET finished = 1 WHERE seq = $seq", ("$seq", erasure.Sequence));
        update.ExecuteNonQuery();
    }

    private static List<Found> OfPerson(SqliteConnection connection, AuditSubjectKey person, long after, long to)
    {
        var (actor, subject) = FingerprintsOf(person);
        using var query = connection.Prepare(
            """
            SELECT seq, body, personal, type, actor IS $actor, subject IS $subject FROM audit_event
            WHERE seq > $after AND seq <= $to AND (actor = $actor OR subject = $subject OR instr(personal, $mention) > 0) ORDER BY seq LIMIT $limit
            """,
            ("$actor", actor), ("$subject", subject), ("$after", after), ("$to", to), ("$limit", Piece),
            ("$mention", person.Collection == AuditSubject.Staff ? Encoding.UTF8.GetBytes(MentionOf(person)) : null));
        return [.. query.Rows(Found.In)];
    }

    /// <summary>What is left of an event's names and texts; null where all of it stays.</summary>
    private static PersonalText? Left(Found row, PendingErasure erasure)
    {
        var person = erasure.Person;
        var isStaff = person.Collection == AuditSubject.Staff;
        var by = isStaff && (row.Kept is { } mine ? mine.Event.Actor.Id == new StaffId(person.Id) : row.IsActor);
        // Whoever erased is erased like anybody; that it was done, and why, stays.
        var about = row.Type != AuditEventTypes.AuditErased
            && ((row.Kept is { } kept ? person.IsOf(kept.Event) : row.IsSubject)
                || (isStaff && row is { Kept: { } bytes, Text: { } texts } && bytes.With(texts).Detail?.Contains(MentionOf(person), StringComparison.Ordinal) == true));
        if (!by && !about)
        {
            return null;
        }

        if (row.Text is not { } text)
        {
            // Damaged: whatever stands there, nothing of it is left.
            return PersonalText.ErasedOf(by: row.Kept?.By is not null, about: row.Kept?.About is not null, erasure.At);
        }

        var left = text.Erase(by, about, erasure.At);
        return ReferenceEquals(left, text) ? null : left;
    }

    private static (long? Actor, long? Subject) FingerprintsOf(AuditSubjectKey person) =>
        (person.Collection == AuditSubject.Staff ? IdFingerprint.Of(person.Id) : null, IdFingerprint.Of(person.ToString()));

    /// <summary>How a detail names a colleague, behind the name.</summary>
    private static string MentionOf(AuditSubjectKey person) => $"({person.Id})";

    /// <summary>An event that may be the person's, as it stands in the table.</summary>
    private sealed record Found(long Sequence, byte[]? Personal, string Type, bool IsActor, bool IsSubject)
    {
        /// <summary>What its bytes say; null where they can't be read.</summary>
        public KeptEvent? Kept { get; private init; }

        /// <summary>Its names and texts; null where there are none, or they can't be read.</summary>
        public PersonalText? Text { get; private init; }

        /// <summary>The words that the index was given; null where they can't be told any more.</summary>
        public string? Words => Kept is { } kept && kept.IsBoundTo(Text) ? IndexWords.Of(kept.With(Text)) : null;

        public static Found In(SqliteDataReader row) => new(
            row.GetInt64(0), row.IsDBNull(2) ? null : (byte[])row.GetValue(2), row.GetString(3), row.GetInt64(4) != 0, row.GetInt64(5) != 0)
        {
            Kept = Read(() => CanonicalForm.Decode((byte[])row.GetValue(1))),
            Text = Read(() => TrailTable.PersonalIn(row, 2)),
        };

        private static T? Read<T>(Func<T?> read)
            where T : class
        {
            try
            {
                return read();
            }
            catch (FormatException)
            {
                return null;
            }
        }
    }
}
