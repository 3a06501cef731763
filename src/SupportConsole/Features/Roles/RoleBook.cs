using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Features.Roles;

/// <summary>
/// Who holds which role. A change and its audit entry are one commit, and open windows hear of it right after.
/// </summary>
public sealed class RoleBook(AuditTrail trail, ConsoleDb database, StaffChangeFeed feed, TimeProvider clock) : IStaffRights
{
    /// <summary>The shortest and longest reason for a change, in characters.</summary>
    public const int ReasonMinLength = 10, ReasonMaxLength = 500;

    private const string Held = "ended_at IS NULL AND (until IS NULL OR until > $now)";

    /// <inheritdoc />
    /// <remarks>
    /// Completes at once. Blazor takes a page down while its authorization is undecided, so a pause here would throw away what
    /// is typed and shown at each navigation.
    /// </remarks>
    public Task<StaffMember?> FindAsync(StaffId id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return Task.FromResult(database.Read(connection => Find(connection, id, now), cancellationToken));
    }

    /// <summary>Whether nobody was ever granted anything.</summary>
    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.Number("SELECT EXISTS (SELECT 1 FROM role_grant)") == 0, cancellationToken);

    /// <summary>The people who can grant roles, for those who hold none.</summary>
    public Task<IReadOnlyList<StaffMember>> ManagersAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return database.ReadAsync<IReadOnlyList<StaffMember>>(
            connection => [.. AllStaff(connection, now).Select(row => row.Member).Where(member => member.May(Duty.ManageRoles))],
            cancellationToken);
    }

    /// <summary>Everybody who ever signed in, with the roles held and the last change.</summary>
    public async Task<IReadOnlyList<StaffRow>> ListAsync(CurrentStaff who, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ManageRoles, cancellationToken);
        var now = clock.GetUtcNow();
        return await database.ReadAsync<IReadOnlyList<StaffRow>>(connection => [.. AllStaff(connection, now)], cancellationToken);
    }

    /// <summary>Grants a role, for good or until an instant.</summary>
    /// <exception cref="RoleChangeRefusedException">A rule stands against it; recorded.</exception>
    public async Task GrantAsync(
        CurrentStaff who, StaffId staff, Role role, string reason, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var manager = await who.DemandAsync(Duty.ManageRoles, cancellationToken);
        var now = clock.GetUtcNow();
        await ChangeAsync(manager, staff, role, reason, AuditEventTypes.RoleGranted, until, now, connection =>
        {
            if (until <= now)
            {
                throw new RoleChangeRefusedException("The end date has passed already. Choose a later one, or leave it empty.");
            }

            if (Find(connection, staff, now) is not { } member)
            {
                throw new RoleChangeRefusedException("This person has never signed in. Ask them to sign in once, then grant the role.");
            }

            if (member.Roles.Contains(role))
            {
                throw new RoleChangeRefusedException($"{member.Name} already holds the role {RoleCatalog.NameOf(role)}.");
            }

            Insert(connection, staff, role, manager.Actor, reason, until, now);
        });
    }

    /// <summary>Takes a role away. Open windows lock and live sessions end before this returns.</summary>
    /// <exception cref="RoleChangeRefusedException">A rule stands against it; recorded.</exception>
    public async Task RevokeAsync(CurrentStaff who, StaffId staff, Role role, string reason, CancellationToken cancellationToken)
    {
        var manager = await who.DemandAsync(Duty.ManageRoles, cancellationToken);
        var now = clock.GetUtcNow();
        await ChangeAsync(manager, staff, role, reason, AuditEventTypes.RoleRevoked, until: null, now, connection =>
        {
            using var update = connection.Prepare(
                $"""
                UPDATE role_grant SET ended_at = $now, ended_by = $by, ended_by_name = $name, end_reason = $reason
                WHERE staff_id = $staff AND role = $role AND {Held}
                """,
                ("$now", StoredTime.From(now)), ("$by", manager.Actor.Id.Value), ("$name", manager.Actor.Name), ("$reason", reason.Trim()),
                ("$staff", staff.Value), ("$role", role.ToString()));
            if (update.ExecuteNonQuery() == 0)
            {
                throw new RoleChangeRefusedException("This person doesn't hold the role any more. Load the page again to see what they hold.");
            }

            if (role == Role.Manager && connection.Number(
                $"SELECT count(*) FROM role_grant WHERE role = 'Manager' AND until IS NULL AND {Held}", ("$now", StoredTime.From(now))) == 0)
            {
                throw new RoleChangeRefusedException("This is the last manager without an end date. Grant somebody else the role first, or nobody could grant roles any more.");
            }
        });
    }

    /// <summary>Records that grants with an end date have lapsed, and tells open windows. Rights ended at that instant already.</summary>
    public async Task LapseAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var lapsed = await database.ReadAsync(connection => LapsedGrants(connection, now), cancellationToken);
        foreach (var (grant, member, role) in lapsed)
        {
            await trail.AppendAsync(
                new AuditEvent(AuditEventTypes.RoleExpired, now, AuditActor.System)
                {
                    Subject = new AuditSubject(AuditSubject.Staff, member.Id.Value, member.Name),
                    Detail = RoleCatalog.NameOf(role),
                },
                connection =>
                {
                    using var update = connection.Prepare(
                        "UPDATE role_grant SET ended_at = until, ended_by = 'system', ended_by_name = 'System', end_reason = 'end date' WHERE id = $id AND ended_at IS NULL",
                        ("$id", grant));
                    update.ExecuteNonQuery();
                });
            await feed.PublishAsync(new StaffChange(member.Id));
        }
    }

    /// <summary>Writes down people and their first roles without a manager: the demo's first start.</summary>
    internal Task SeedAsync(IReadOnlyList<(StaffMember Member, Role? Role)> people, string reason)
    {
        var now = clock.GetUtcNow();
        return trail.AppendAsync(
            [.. people.Where(person => person.Role is not null).Select(person =>
                Noted(AuditEventTypes.RoleGranted, person.Member.Id, person.Member.Name, now) with
                {
                    Detail = RoleCatalog.NameOf(person.Role!.Value),
                    Reason = reason,
                })],
            connection =>
            {
                foreach (var (member, role) in people)
                {
                    NotePerson(connection, member.Id, member.Name, member.Email, now, signsIn: false);
                    if (role is { } held)
                    {
                        Insert(connection, member.Id, held, AuditActor.System, reason, until: null, now);
                    }
                }
            });
    }

    /// <summary>Writes down a person as they are called now. Runs inside the commit of the entry that brought them.</summary>
    internal static void NotePerson(SqliteConnection connection, StaffId id, string name, string email, DateTimeOffset now, bool signsIn)
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

    private async Task ChangeAsync(
        ActingStaff manager, StaffId staff, Role role, string reason, string type, DateTimeOffset? until, DateTimeOffset now, Action<SqliteConnection> change)
    {
        var name = (await FindAsync(staff, CancellationToken.None))?.Name ?? staff.Value;
        var entry = manager.Begin(type, now) with
        {
            Subject = new AuditSubject(AuditSubject.Staff, staff.Value, name),
            Reason = Cut(reason),
            Detail = RoleCatalog.NameOf(role) + (until is { } end ? $", until {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : ""),
        };
        try
        {
            CheckReason(reason);
            if (manager.Member.Id == staff)
            {
                throw new RoleChangeRefusedException("Nobody changes their own roles. Ask another manager.");
            }

            await trail.AppendAsync(entry, change);
        }
        catch (RoleChangeRefusedException refusal)
        {
            await trail.AppendAsync(entry with
            {
                Type = AuditEventTypes.RoleChangeDenied,
                Outcome = AuditOutcome.Denied,
                Detail = $"{(type == AuditEventTypes.RoleGranted ? "grant" : "revoke")} {RoleCatalog.NameOf(role)}: {refusal.Message}",
            });
            throw;
        }

        await feed.PublishAsync(new StaffChange(staff));
    }

    private static void CheckReason(string reason)
    {
        if (reason.Trim().Length < ReasonMinLength || reason.Length > ReasonMaxLength)
        {
            throw new RoleChangeRefusedException($"The reason needs {ReasonMinLength} to {ReasonMaxLength} characters: say why the role changes.");
        }
    }

    private static string Cut(string reason) => reason.Length > ReasonMaxLength ? reason[..ReasonMaxLength] : reason.Trim();

    private static AuditEvent Noted(string type, StaffId id, string name, DateTimeOffset now) =>
        new(type, now, AuditActor.System) { Subject = new AuditSubject(AuditSubject.Staff, id.Value, name) };

    private static void Insert(
        SqliteConnection connection, StaffId staff, Role role, AuditActor by, string reason, DateTimeOffset? until, DateTimeOffset now)
    {
        // A grant that lapsed a moment ago and isn't swept yet makes room for the new one.
        using var lapse = connection.Prepare(
            "UPDATE role_grant SET ended_at = until, end_reason = 'end date' WHERE staff_id = $staff AND role = $role AND ended_at IS NULL AND until <= $now",
            ("$staff", staff.Value), ("$role", role.ToString()), ("$now", StoredTime.From(now)));
        lapse.ExecuteNonQuery();
        using var insert = connection.Prepare(
            """
            INSERT INTO role_grant (staff_id, role, granted_at, granted_by, granted_by_name, reason, until)
            VALUES ($staff, $role, $now, $by, $name, $reason, $until)
            """,
            ("$staff", staff.Value), ("$role", role.ToString()), ("$now", StoredTime.From(now)), ("$by", by.Id.Value), ("$name", by.Name),
            ("$reason", reason.Trim()), ("$until", until is { } end ? StoredTime.From(end) : null));
        insert.ExecuteNonQuery();
    }

    private static StaffMember? Find(SqliteConnection connection, StaffId id, DateTimeOffset now)
    {
        using var query = connection.Prepare(
            $"""
            SELECT s.name, s.email, g.role FROM staff s
            LEFT JOIN role_grant g ON g.staff_id = s.id AND g.ended_at IS NULL AND (g.until IS NULL OR g.until > $now)
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

    private static List<StaffRow> AllStaff(SqliteConnection connection, DateTimeOffset now)
    {
        using var query = connection.Prepare(
            """
            SELECT s.id, s.name, s.email, s.last_seen, g.role, g.granted_at, g.granted_by_name, g.until
            FROM staff s
            LEFT JOIN role_grant g ON g.staff_id = s.id AND g.ended_at IS NULL AND (g.until IS NULL OR g.until > $now)
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

    private static List<(long Grant, StaffMember Member, Role Role)> LapsedGrants(SqliteConnection connection, DateTimeOffset now)
    {
        using var query = connection.Prepare(
            """
            SELECT g.id, g.role, s.id, s.name, s.email FROM role_grant g JOIN staff s ON s.id = g.staff_id
            WHERE g.ended_at IS NULL AND g.until <= $now
            """,
            ("$now", StoredTime.From(now)));
        using var reader = query.ExecuteReader();
        List<(long, StaffMember, Role)> lapsed = [];
        while (reader.Read())
        {
            var member = new StaffMember(new StaffId(reader.GetString(2)), reader.GetString(3), reader.GetString(4), []);
            lapsed.Add((reader.GetInt64(0), member, Enum.Parse<Role>(reader.GetString(1))));
        }

        return lapsed;
    }

    /// <summary>Makes the listed people managers at their first sign-in, once: a manager who was removed stays removed.</summary>
    internal async Task BootstrapAsync(StaffId id, string name, IReadOnlyCollection<string> listed)
    {
        if (!listed.Contains(id.Value, StringComparer.OrdinalIgnoreCase)
            || await database.ReadAsync(
                connection => connection.Number("SELECT EXISTS (SELECT 1 FROM role_grant WHERE staff_id = $id)", ("$id", id.Value)) == 1,
                CancellationToken.None))
        {
            return;
        }

        const string reason = "Named in SignIn:BootstrapManagers";
        var now = clock.GetUtcNow();
        await trail.AppendAsync(
            Noted(AuditEventTypes.RoleGranted, id, name, now) with { Detail = RoleCatalog.NameOf(Role.Manager), Reason = reason },
            connection => Insert(connection, id, Role.Manager, AuditActor.System, reason, until: null, now));
    }
}
