using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Features.Roles;

/// <summary>
/// Who holds which role. A change and its audit entry are one commit, and open windows hear of it right after.
/// </summary>
public sealed class RoleBook(AuditTrail trail, RefusalRecord refusals, ConsoleDb database, StaffChangeFeed feed, TimeProvider clock) : IStaffRights
{
    /// <inheritdoc />
    public Task<StaffMember?> FindAsync(StaffId id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return Task.FromResult(database.Read(connection => RoleTable.Find(connection, id, now), cancellationToken));
    }

    /// <summary>Whether nobody was ever granted anything.</summary>
    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.Number("SELECT EXISTS (SELECT 1 FROM role_grant)") == 0, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<StaffMember>> AllAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return database.ReadAsync<IReadOnlyList<StaffMember>>(
            connection => [.. RoleTable.AllStaff(connection, now).Select(row => row.Member)], cancellationToken);
    }

    /// <summary>The people who can grant roles, for those who hold none.</summary>
    public async Task<IReadOnlyList<StaffMember>> ManagersAsync(CancellationToken cancellationToken) =>
        [.. (await AllAsync(cancellationToken)).Where(member => member.May(Duty.ManageRoles))];

    /// <summary>Everybody who ever signed in, with the roles held and the last change.</summary>
    public async Task<IReadOnlyList<StaffRow>> ListAsync(CurrentStaff who, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ManageRoles, cancellationToken);
        var now = clock.GetUtcNow();
        return await database.ReadAsync<IReadOnlyList<StaffRow>>(connection => [.. RoleTable.AllStaff(connection, now)], cancellationToken);
    }

    /// <summary>Grants a role, for good or until an instant.</summary>
    /// <exception cref="ProofTooOldException">The manager has to confirm who they are first.</exception>
    /// <exception cref="RoleChangeRefusedException">A rule stands against it; recorded.</exception>
    public async Task GrantAsync(
        CurrentStaff who, StaffId staff, Role role, ReasonText reason, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var manager = await who.DemandProvenAsync(Duty.ManageRoles, cancellationToken);
        var now = clock.GetUtcNow();
        await ChangeAsync(manager, staff, role, reason, AuditEventTypes.RoleGranted, until, now, connection =>
        {
            if (until <= now)
            {
                throw new RoleChangeRefusedException("The end date has passed already. Choose a later one, or leave it empty.");
            }

            if (RoleTable.Find(connection, staff, now) is not { } member)
            {
                throw new RoleChangeRefusedException("This person has never signed in. Ask them to sign in once, then grant the role.");
            }

            if (member.Roles.Contains(role))
            {
                throw new RoleChangeRefusedException($"{member.Name} already holds the role {RoleCatalog.NameOf(role)}.");
            }

            RoleTable.Insert(connection, staff, role, manager.Actor, reason, until, now);
        });
    }

    /// <summary>Takes a role away. Open windows lock and live sessions end before this returns.</summary>
    /// <exception cref="ProofTooOldException">The manager has to confirm who they are first.</exception>
    /// <exception cref="RoleChangeRefusedException">A rule stands against it; recorded.</exception>
    public async Task RevokeAsync(CurrentStaff who, StaffId staff, Role role, ReasonText reason, CancellationToken cancellationToken)
    {
        var manager = await who.DemandProvenAsync(Duty.ManageRoles, cancellationToken);
        var now = clock.GetUtcNow();
        await ChangeAsync(manager, staff, role, reason, AuditEventTypes.RoleRevoked, until: null, now, connection =>
        {
            if (!RoleTable.End(connection, staff, role, manager.Actor, reason, now))
            {
                throw new RoleChangeRefusedException("This person doesn't hold the role any more. Load the page again to see what they hold.");
            }

            if (role == Role.Manager && !RoleTable.AnyLastingManager(connection, now))
            {
                throw new RoleChangeRefusedException("This is the last manager without an end date. Grant somebody else the role first, or nobody could grant roles any more.");
            }
        });
    }

    /// <summary>Records that grants with an end date have lapsed, and tells open windows. Rights ended at that instant already.</summary>
    /// <exception cref="NotWrittenException">It can't be recorded; windows were told all the same.</exception>
    public async Task LapseAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var lapsed = await database.ReadAsync(connection => RoleTable.LapsedGrants(connection, now), cancellationToken);
        if (lapsed.Count == 0)
        {
            return;
        }

        try
        {
            // What somebody else was quicker to record has happened once.
            await trail.AppendAsync(connection => lapsed.FindAll(grant => RoleTable.Lapse(connection, grant.Id)).Select(grant =>
                Noted(AuditEventTypes.RoleExpired, grant.Staff, grant.Name, now) with
                {
                    Detail = $"{RoleCatalog.NameOf(grant.Role)}, until {grant.Until.UtcDateTime:yyyy-MM-dd HH:mm} UTC",
                }));
        }
        finally
        {
            foreach (var staff in lapsed.Select(grant => grant.Staff).Distinct())
            {
                await feed.PublishAsync(new StaffChange(staff));
            }
        }
    }

    /// <summary>Writes down people and their first roles without a manager: the demo's first start.</summary>
    internal Task SeedAsync(IReadOnlyList<(StaffMember Member, Role? Role)> people, ReasonText reason)
    {
        var now = clock.GetUtcNow();
        return trail.AppendAsync(
            [.. people.Where(person => person.Role is not null).Select(person =>
                Noted(AuditEventTypes.RoleGranted, person.Member.Id, person.Member.Name, now) with
                {
                    Detail = RoleCatalog.NameOf(person.Role!.Value),
                    Reason = reason.Text,
                })],
            connection =>
            {
                foreach (var (member, role) in people)
                {
                    RoleTable.NotePerson(connection, member.Id, member.Name, member.Email, now, signsIn: false);
                    if (role is { } held)
                    {
                        RoleTable.Insert(connection, member.Id, held, AuditActor.System, reason, until: null, now);
                    }
                }
            });
    }

    private async Task ChangeAsync(
        ActingStaff manager, StaffId staff, Role role, ReasonText reason, string type, DateTimeOffset? until, DateTimeOffset now, Action<SqliteConnection> change)
    {
        var name = (await FindAsync(staff, CancellationToken.None))?.Name ?? staff.Value;
        var entry = manager.Begin(type, now) with
        {
            Subject = new AuditSubject(AuditSubject.Staff, staff.Value, name),
            Reason = reason.Text,
            Detail = RoleCatalog.NameOf(role) + (until is { } end ? $", until {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : ""),
        };
        try
        {
            if (CheckReason(reason) is { } against)
            {
                throw new RoleChangeRefusedException(against);
            }

            if (manager.Member.Id == staff)
            {
                throw new RoleChangeRefusedException("Nobody changes their own roles. Ask another manager.");
            }

            // What lapsed a moment ago and isn't swept yet has come to its end before this change, and makes room for a new grant.
            await LapseAsync(CancellationToken.None);
            await trail.AppendAsync(entry, connection =>
            {
                // Asked again inside the commit: the right may have gone while the change waited for its turn.
                if (RoleTable.Find(connection, manager.Member.Id, now)?.May(Duty.ManageRoles) != true)
                {
                    throw new RoleChangeRefusedException("Your own role was taken away a moment ago. Nothing was changed.");
                }

                change(connection);
            });
        }
        catch (NotWrittenException)
        {
            // Whether it was written in the end isn't known here; whoever listens asks the database.
            await feed.PublishAsync(new StaffChange(staff));
            throw;
        }
        catch (RoleChangeRefusedException refusal)
        {
            await refusals.RefusedAsync(entry with
            {
                Type = AuditEventTypes.RoleChangeDenied,
                Detail = $"{(type == AuditEventTypes.RoleGranted ? "grant" : "revoke")} {RoleCatalog.NameOf(role)}: {refusal.Message}",
            });
            throw;
        }

        await feed.PublishAsync(new StaffChange(staff));
    }

    /// <summary>What stands against the reason of a change, as a sentence; null when nothing does.</summary>
    internal static string? CheckReason(ReasonText reason) => reason.Against("say why the role changes");

    private static AuditEvent Noted(string type, StaffId id, string name, DateTimeOffset now) =>
        new(type, now, AuditActor.System) { Subject = new AuditSubject(AuditSubject.Staff, id.Value, name) };

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
            connection => RoleTable.Insert(connection, id, Role.Manager, AuditActor.System, reason, until: null, now));
    }
}
