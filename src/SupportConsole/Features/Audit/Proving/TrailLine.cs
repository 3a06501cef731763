using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>A row of the trail as a verification reads it: nothing of it is believed.</summary>
internal sealed record TrailLine(
    long Sequence, object Time, object Type, object Outcome, object Actor, object Subject, object Session, byte[] Leaf, byte[] Body, byte[]? Personal)
{
    /// <summary>What it is read from.</summary>
    public const string Columns = "seq, time, type, outcome, actor, subject, session, leaf, body, personal";

    /// <summary>Reads one.</summary>
    public static TrailLine In(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetValue(1), row.GetValue(2), row.GetValue(3), row.GetValue(4), row.GetValue(5), row.GetValue(6),
        row.GetValue(7) as byte[] ?? [], row.GetValue(8) as byte[] ?? [], row.GetValue(9) as byte[]);

    /// <summary>The names and free text beside the event.</summary>
    /// <exception cref="FormatException">They can't be read.</exception>
    public PersonalText? ReadPersonal() => Personal is { } kept ? PersonalText.Decode(kept) : null;

    /// <summary>The name of a column that doesn't say what the event says; null where all do.</summary>
    public string? Differing(AuditEvent occurred)
    {
        var columns = EventColumns.Of(occurred);
        return !Equals(Time, columns.Time) ? "time"
            : !Equals(Type, occurred.Type) ? "type"
            : !Equals(Outcome, (long)occurred.Outcome) ? "outcome"
            : !Equals(Actor, columns.Actor) ? "actor"
            : !Equals(Subject, columns.Subject) ? "subject"
            : !Equals(Session, columns.Session) ? "session"
            : null;
    }
}
