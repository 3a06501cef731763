using Microsoft.Data.Sqlite;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Storage;

namespace SupportConsole.Features.Roles;

/// <summary>The statements of the role book. Those that change something run inside the commit of the entry that tells of it.</summary>
internal static class RoleTable
{
    private const string Held = "ended_at IS NULL AND (until IS NULL OR until > $now)";

    /// <summary>Writes down a person as they are called now. Runs inside the commit of the entry that brought them.</summary>
    public static void NotePerson(SqliteConnection connection, StaffId id, string name, string email, DateTimeOffset now, bool signsIn)
    {
        // last_seen is 0 for somebody who is known and has never signed in.
        using var upsert = connection.Prepare(
            """
            INSERT INTO staff (id, name, email, first_seen, last_seen) VALUES ($id, $name, $email, $now, $seen)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, last_seen = excluded.last_seen
            """,
            ("$id", id.Value), ("$name", name), ("$email", email), ("$now", StoredTime.From(now)), ("$seen", signsIn ? StoredTime.From(now) : 0));
        upsert.ExecuteNonQuery();
    }

    public static void Insert(
        SqliteConnection connection, StaffId staff, Role role, AuditActor by, ReasonText reason, DateTimeOffset? until, DateTimeOffset now)
    {
        using var insert = connection.Prepare(
            """
            INSERT INTO role_grant (staff_id, role, granted_at, granted_by, granted_by_name, reason, until)
            VALUES ($staff, $role, $now, $by, $name, $reason, $until)
            """,
            ("$staff", staff.Value), ("$role", role.ToString()), ("$now", StoredTime.From(now)), ("$by", by.Id.Value), ("$name", by.Name),
            ("$reason", reason.Text), ("$until", until is { } end ? StoredTime.From(end) : null));
        insert.ExecuteNonQuery();
    }

    /// <summary>Ends a grant. False when there is none to end.</summary>
    public static bool End(SqliteConnection connection, StaffId staff, Role role, AuditActor by, ReasonText reason, DateTimeOffset now)
    {
        using var update = connection.Prepare(
            $"""
            UPDATE role_grant SET ended_at = $now, ended_by = $by, ended_by_name = $name, end_reason = $reason
            WHERE staff_id = $staff AND role = $role AND {Held}
            """,
            ("$now", StoredTime.From(now)), ("$by", by.Id.Value), ("$name", by.Name), ("$reason", reason.Text),
            ("$staff", staff.Value), ("$role", role.ToString()));
        return update.ExecuteNonQuery() > 0;
    }

    /// <summary>Ends a grant whose end date has passed. False when somebody else was quicker.</summary>
    public static bool Lapse(SqliteConnection connection, long grant)
    {
        using var update = connection.Prepare(
            "UPDATE role_grant SET ended_at = until, ended_by = 'system', ended_by_name = 'System', end_reason = 'end date' WHERE id = $id AND ended_at IS NULL",
            ("$id", grant));
        return update.ExecuteNonQuery() > 0;
    }

    /// <summary>Whether somebody is manager for good: a manager with an end date will be gone one day.</summary>
    public static bool AnyLastingManager(SqliteConnection connection, DateTimeOffset now) => connection.Number(
        $"SELECT count(*) FROM role_grant WHERE role = 'Manager' AND until IS NULL AND {Held}", ("$now", StoredTime.From(now))) > 0;

    public static StaffMember? Find(SqliteConnection connection, StaffId id, DateTimeOffset now)
    {
        using var query = connection.Prepare(
            $"""
            SELECT s.name, s.email, g.role FROM staff s
            LEFT JOIN role_grant g ON g.staff_id = s.id AND {Held}
            WHERE s.id = $id
            """,
            ("$id", id.Value), ("$now", StoredTime.From(now)));
        using var reader = query.ExecuteReader();
        StaffMember? member = null;
        while (reader.Read())
        {
            member ??= new StaffMember(id, reader.GetString(0), reader.GetString(1), []);
            if (!reader.IsDBNull(2))
            {
                member = member with { Roles = member.Roles.Add(Enum.Parse<Role>(reader.GetString(2))) };
            }
        }

        return member is null ? null : member with { Roles = member.Roles.Sort() };
    }

    public static List<StaffRow> AllStaff(SqliteConnection connection, DateTimeOffset now)
    {
        using var query = connection.Prepare(
            $"""
            SELECT s.id, s.name, s.email, s.last_seen, g.role, g.granted_at, g.granted_by_name, g.until
            FROM staff s
            LEFT JOIN role_grant g ON g.staff_id = s.id AND {Held}
            ORDER BY s.name COLLATE NOCASE, s.id, g.granted_at
            """,
            ("$now", StoredTime.From(now)));
        using var reader = query.ExecuteReader();
        List<StaffRow> rows = [];
        while (reader.Read())
        {
            var id = new StaffId(reader.GetString(0));
            if (rows.Count == 0 || rows[^1].Member.Id != id)
            {
                rows.Add(new StaffRow(
                    new StaffMember(id, reader.GetString(1), reader.GetString(2), []), reader.GetInt64(3) is var seen and not 0 ? StoredTime.ToInstant(seen) : null, []));
            }

            if (!reader.IsDBNull(4))
            {
                var role = Enum.Parse<Role>(reader.GetString(4));
                var grant = new HeldRole(
                    role, StoredTime.ToInstant(reader.GetInt64(5)), reader.GetString(6),
                    reader.IsDBNull(7) ? null : StoredTime.ToInstant(reader.GetInt64(7)));
                rows[^1] = rows[^1] with
                {
                    Member = rows[^1].Member with { Roles = rows[^1].Member.Roles.Add(role) },
                    Held = rows[^1].Held.Add(grant),
                };
            }
        }

        return rows;
    }

    /// <summary>Each grant that stood at some time of a stretch, by name and then by time. Its end is the earlier of the one recorded and the one it was given.</summary>
    public static List<RoleTenure> HeldBetween(SqliteConnection connection, DateTimeOffset begin, DateTimeOffset end)
    {
        using var query = connection.Prepare(
            """
            SELECT staff_id, name, role, granted_at, granted_by_name, until, ended_by_name FROM (
                SELECT g.id, g.staff_id, coalesce(s.name, g.staff_id) AS name, g.role, g.granted_at, g.granted_by_name, g.ended_by_name,
                    min(coalesce(g.ended_at, g.until), coalesce(g.until, g.ended_at)) AS until
                FROM role_grant g LEFT JOIN staff s ON s.id = g.staff_id)
            WHERE granted_at < $end AND (until IS NULL OR until > $begin)
            ORDER BY name COLLATE NOCASE, staff_id, granted_at, id
            """,
            ("$begin", StoredTime.From(begin)), ("$end", StoredTime.From(end)));
        return [.. query.Rows(row => new RoleTenure(
            new StaffId(row.GetString(0)), row.GetString(1), Enum.Parse<Role>(row.GetString(2)), StoredTime.ToInstant(row.GetInt64(3)), row.GetString(4),
            row.IsDBNull(5) ? null : StoredTime.ToInstant(row.GetInt64(5)), row.IsDBNull(6) ? null : row.GetString(6)))];
    }

    public static List<LapsedGrant> LapsedGrants(SqliteConnection connection, DateTimeOffset now)
    {
        using var query = connection.Prepare(
            """
            SELECT g.id, g.role, s.id, s.name, g.until FROM role_grant g JOIN staff s ON s.id = g.staff_id
            WHERE g.ended_at IS NULL AND g.until <= $now
            """,
            ("$now", StoredTime.From(now)));
        using var reader = query.ExecuteReader();
        List<LapsedGrant> lapsed = [];
        while (reader.Read())
        {
            lapsed.Add(new LapsedGrant(
                reader.GetInt64(0), new StaffId(reader.GetString(2)), reader.GetString(3), Enum.Parse<Role>(reader.GetString(1)),
                StoredTime.ToInstant(reader.GetInt64(4))));
        }

        return lapsed;
    }
}
