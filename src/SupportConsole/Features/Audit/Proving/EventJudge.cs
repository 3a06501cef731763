using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// Judges events by themselves: whether each has the hash beside it, says its own place, is found by what it says, and has the names and
/// free text that were written with it. It reads them where the database has them, without a copy. One thread at a time.
/// </summary>
internal sealed class EventJudge
{
    private const int RememberedIds = 20_000;

    private readonly Dictionary<long, byte[]> _ids = [];

    /// <summary>Judges the events after one place up to another.</summary>
    public JudgedStretch Judge(SqliteConnection connection, long after, long last)
    {
        using var command = connection.Prepare(
            "SELECT seq, leaf, body, personal, time, outcome, type, actor, subject, session FROM audit_event WHERE seq > $after AND seq <= $last ORDER BY seq",
            ("$after", after), ("$last", last));
        using var rows = command.ExecuteReader();
        var judged = new JudgedStretch();
        while (rows.Read())
        {
            Judge(rows.Handle!, judged);
        }

        return judged;
    }

    private void Judge(sqlite3_stmt row, JudgedStretch judged)
    {
        var at = raw.sqlite3_column_int64(row, 0);
        var body = raw.sqlite3_column_blob(row, 2);
        var leaf = TreeHash.Leaf(body);
        judged.Leaves.Add((at, leaf));
        var stored = raw.sqlite3_column_blob(row, 1);
        if (stored.Length != TreeHash.Length || TreeHash.FromBytes(stored) != leaf)
        {
            judged.Faults.Add(TrailFaultKind.Altered, at, $"Event {at} isn't what was written: its bytes don't have the hash beside them.");
        }

        // Nearly all; the others are taken apart and looked at as a whole.
        var personal = raw.sqlite3_column_blob(row, 3);
        if (!EventOutline.TryReadWhole(body, at, personal, out var outline) || !IsFoundBy(row, outline) || outline.Type.SequenceEqual("audit.erased"u8))
        {
            JudgeWhole(row, at, body, personal, judged);
        }
    }

    private bool IsFoundBy(sqlite3_stmt row, in EventOutline outline) =>
        raw.sqlite3_column_int64(row, 4) == outline.Microseconds
        && raw.sqlite3_column_int64(row, 5) == (long)outline.Outcome
        && raw.sqlite3_column_blob(row, 6).SequenceEqual(outline.Type)
        && IsOf(row, 7, outline.Actor, default)
        && IsOf(row, 8, outline.SubjectCollection, outline.SubjectId)
        && IsOf(row, 9, outline.Session, default);

    /// <summary>Whether a column has the fingerprint of an id, which for a subject is of two parts; nothing where there is none.</summary>
    private bool IsOf(sqlite3_stmt row, int column, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (raw.sqlite3_column_type(row, column) == raw.SQLITE_NULL)
        {
            return first.IsEmpty;
        }

        var fingerprint = raw.sqlite3_column_int64(row, column);
        var length = first.Length + (second.IsEmpty ? 0 : second.Length + 1);
        Span<byte> id = length <= 512 ? stackalloc byte[length] : new byte[length];
        first.CopyTo(id);
        if (!second.IsEmpty)
        {
            id[first.Length] = (byte)'/';
            second.CopyTo(id[(first.Length + 1)..]);
        }

        if (_ids.TryGetValue(fingerprint, out var known) && id.SequenceEqual(known))
        {
            return true;
        }

        if (IdFingerprint.Of(id) != fingerprint)
        {
            return false;
        }

        if (_ids.Count == RememberedIds)
        {
            _ids.Clear();
        }

        _ids[fingerprint] = id.ToArray();
        return true;
    }

    private static void JudgeWhole(sqlite3_stmt row, long at, ReadOnlySpan<byte> body, ReadOnlySpan<byte> personal, JudgedStretch judged)
    {
        KeptEvent kept;
        try
        {
            kept = CanonicalForm.Decode(body);
        }
        catch (FormatException)
        {
            judged.Faults.Add(TrailFaultKind.Altered, at, $"Event {at} can't be read: its bytes are no event.");
            return;
        }

        if (kept.Sequence != at)
        {
            judged.Faults.Add(TrailFaultKind.Reordered, at, $"In the place of event {at} stands event {kept.Sequence}.");
        }
        else if (Differing(row, kept.Event) is { } column)
        {
            judged.Faults.Add(TrailFaultKind.Altered, at, $"The column {column} of event {at} says something else than the event, and hides it from who looks for it.");
        }

        if (kept.Event is { Type: AuditEventTypes.AuditErased, Subject: { } erased })
        {
            judged.Erasures.Add(new ToldErasure(kept.Event.At, at, new AuditSubjectKey(erased.Collection, erased.Id)));
        }

        JudgePersonal(at, kept, personal, judged);
    }

    private static void JudgePersonal(long at, KeptEvent kept, ReadOnlySpan<byte> bytes, JudgedStretch judged)
    {
        PersonalText? personal;
        try
        {
            personal = bytes.IsEmpty ? null : PersonalText.Decode(bytes);
        }
        catch (FormatException)
        {
            judged.Faults.Add(TrailFaultKind.PersonalAltered, at, $"The names and free text of event {at} can't be read.");
            return;
        }

        if (!kept.IsBoundTo(personal))
        {
            judged.Faults.Add(TrailFaultKind.PersonalAltered, at, $"The names and free text of event {at} aren't those that were written with it.");
        }

        if (personal?.By?.ErasedAt is { } acted)
        {
            judged.Note(new ErasedGroup(acted, new AuditSubjectKey(AuditSubject.Staff, kept.Event.Actor.Id.Value), IsAbout: false), at);
        }

        if (personal?.About?.ErasedAt is { } said)
        {
            judged.Note(new ErasedGroup(said, kept.Event.Subject is { } subject ? new AuditSubjectKey(subject.Collection, subject.Id) : null, IsAbout: true), at);
        }
    }

    private static string? Differing(sqlite3_stmt row, AuditEvent occurred)
    {
        var columns = EventColumns.Of(occurred);
        return raw.sqlite3_column_int64(row, 4) != columns.Time ? "time"
            : raw.sqlite3_column_int64(row, 5) != (long)occurred.Outcome ? "outcome"
            : Encoding.UTF8.GetString(raw.sqlite3_column_blob(row, 6)) != occurred.Type ? "type"
            : NumberIn(row, 7) != columns.Actor ? "actor"
            : NumberIn(row, 8) != columns.Subject ? "subject"
            : NumberIn(row, 9) != columns.Session ? "session"
            : null;
    }

    private static long? NumberIn(sqlite3_stmt row, int column) =>
        raw.sqlite3_column_type(row, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(row, column);
}
