using System.Security.Cryptography;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Roles;
using SupportConsole.Storage;

namespace SupportConsole.Features.SignIn;

/// <summary>Begins and ends sign-ins. Each is a row, so that a copied cookie is worth nothing after the sign-out.</summary>
internal sealed class SignInDesk(AuditTrail trail, RoleBook roles, ConsoleDb database, StaffChangeFeed feed, TimeProvider clock)
{
    /// <summary>A sign-in is over after this, however busy it is.</summary>
    public static readonly TimeSpan MaximumAge = TimeSpan.FromHours(8);

    /// <summary>Records the sign-in with the person's current name and returns its id. Nobody is signed in unless that is durable.</summary>
    public async Task<string> BeginAsync(StaffId id, string name, string email, string? clientAddress, CancellationToken cancellationToken)
    {
        var signIn = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var now = clock.GetUtcNow();
        var held = (await roles.FindAsync(id, cancellationToken))?.Roles ?? [];
        await trail.AppendAsync(
            new AuditEvent(AuditEventTypes.SignedIn, now, new AuditActor(id, name, held)) { ClientAddress = clientAddress },
            connection =>
            {
                RoleTable.NotePerson(connection, id, name, email, now, signsIn: true);
                using var insert = connection.Prepare(
                    "INSERT INTO sign_in (id, staff_id, started_at) VALUES ($id, $staff, $at)",
                    ("$id", signIn), ("$staff", id.Value), ("$at", StoredTime.From(now)));
                insert.ExecuteNonQuery();
            });
        return signIn;
    }

    /// <summary>Ends the sign-in in every window that came from it.</summary>
    public async Task EndAsync(ActingStaff staff, string signIn)
    {
        var now = clock.GetUtcNow();
        await trail.AppendAsync(staff.Begin(AuditEventTypes.SignedOut, now), connection =>
        {
            using var update = connection.Prepare(
                "UPDATE sign_in SET ended_at = $at WHERE id = $id AND ended_at IS NULL",
                ("$id", signIn), ("$at", StoredTime.From(now)));
            update.ExecuteNonQuery();
        });
        await feed.PublishAsync(new StaffChange(staff.Member.Id, signIn));
    }

    /// <summary>Records a sign-in that didn't work.</summary>
    public Task RecordFailureAsync(string detail, string? clientAddress) =>
        trail.AppendAsync(new AuditEvent(
            AuditEventTypes.SignInFailed, clock.GetUtcNow(), new AuditActor(new StaffId("unknown"), "Unknown", []))
        {
            Outcome = AuditOutcome.Failed,
            Detail = detail,
            ClientAddress = clientAddress,
        });

    /// <summary>Whether the sign-in exists, belongs to the person, hasn't ended and isn't too old.</summary>
    public async Task<bool> IsCurrentAsync(StaffId id, string? signIn, CancellationToken cancellationToken)
    {
        if (signIn is null)
        {
            return false;
        }

        var oldest = clock.GetUtcNow() - MaximumAge;
        return await database.ReadAsync(
            connection => connection.Number(
                "SELECT 1 FROM sign_in WHERE id = $id AND staff_id = $staff AND ended_at IS NULL AND started_at > $oldest",
                ("$id", signIn), ("$staff", id.Value), ("$oldest", StoredTime.From(oldest))) == 1,
            cancellationToken);
    }
}
