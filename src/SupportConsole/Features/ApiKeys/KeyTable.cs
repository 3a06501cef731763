using Microsoft.Data.Sqlite;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Staff;
using SupportConsole.Storage;

namespace SupportConsole.Features.ApiKeys;

/// <summary>The statements of the key book.</summary>
internal static class KeyTable
{
    private const string Columns =
        """
        id, collection, record, kind, name, purpose, owner, created_at, created_by, created_by_name, expires_at, phase, fingerprint,
        waits_until, approved_by, suspended_at, replaces, revoke_at, revoked_by, revoked_by_name, revoke_reason, revoked_at, proof, warned_days,
        marked, revived_at
        """;

    /// <summary>Writes a key down, or what has become of it. Runs inside the commit of the entry that tells of it.</summary>
    public static void Save(SqliteConnection connection, ApiKey key)
    {
        using var upsert = connection.Prepare(
            $"""
            INSERT INTO api_key ({Columns}) VALUES (
                $id, $collection, $record, $kind, $name, $purpose, $owner, $created_at, $created_by, $created_by_name, $expires_at, $phase, $fingerprint,
                $waits_until, $approved_by, $suspended_at, $replaces, $revoke_at, $revoked_by, $revoked_by_name, $revoke_reason, $revoked_at, $proof, $warned_days,
                $marked, $revived_at)
            ON CONFLICT (id) DO UPDATE SET
                record = excluded.record, expires_at = excluded.expires_at, phase = excluded.phase, fingerprint = excluded.fingerprint,
                waits_until = excluded.waits_until, approved_by = excluded.approved_by, suspended_at = excluded.suspended_at,
                revoke_at = excluded.revoke_at, revoked_by = excluded.revoked_by, revoked_by_name = excluded.revoked_by_name,
                revoke_reason = excluded.revoke_reason, revoked_at = excluded.revoked_at, proof = excluded.proof, warned_days = excluded.warned_days,
                marked = excluded.marked, revived_at = excluded.revived_at
            """,
            ("$id", key.Id), ("$collection", key.Collection), ("$record", key.Record), ("$kind", key.Kind.ToString()), ("$name", key.Name),
            ("$purpose", key.Purpose), ("$owner", key.Owner.Value), ("$created_at", StoredTime.From(key.CreatedAt)), ("$created_by", key.CreatedBy.Value),
            ("$created_by_name", key.CreatedByName), ("$expires_at", Stored(key.ExpiresAt)), ("$phase", key.Phase.ToString()), ("$fingerprint", key.Fingerprint),
            ("$waits_until", Stored(key.WaitsUntil)), ("$approved_by", key.ApprovedBy?.Value), ("$suspended_at", Stored(key.SuspendedAt)),
            ("$replaces", key.Replaces), ("$revoke_at", Stored(key.RevokeAt)), ("$revoked_by", key.Revocation?.By.Value),
            ("$revoked_by_name", key.Revocation?.ByName), ("$revoke_reason", key.Revocation?.Reason), ("$revoked_at", Stored(key.Revocation?.At)),
            ("$proof", key.Revocation?.Proof), ("$warned_days", key.WarnedDays),
            ("$marked", key.Revocation?.Marked == true ? 1 : 0), ("$revived_at", Stored(key.RevivedAt)));
        upsert.ExecuteNonQuery();
    }

    public static ApiKey? Find(SqliteConnection connection, string id) =>
        Read(connection.Prepare($"SELECT {Columns} FROM api_key WHERE id = $id", ("$id", id))).FirstOrDefault();

    /// <summary>Every key that is or was one, newest first.</summary>
    public static List<ApiKey> All(SqliteConnection connection) =>
        Read(connection.Prepare($"SELECT {Columns} FROM api_key WHERE phase <> 'Dropped' ORDER BY created_at DESC, id"));

    /// <summary>Every key that has yet to come to an end, oldest first.</summary>
    public static List<ApiKey> Unfinished(SqliteConnection connection) =>
        Read(connection.Prepare(
            $"SELECT {Columns} FROM api_key INDEXED BY api_key_unfinished WHERE phase NOT IN ('Dropped', 'Revoked') ORDER BY created_at, id"));

    /// <summary>Every revoked key whose account can be told from one that comes back, and whose own end hasn't come.</summary>
    public static List<ApiKey> Watched(SqliteConnection connection, DateTimeOffset now) =>
        Read(connection.Prepare(
            $"SELECT {Columns} FROM api_key WHERE phase = 'Revoked' AND marked = 1 AND (expires_at IS NULL OR expires_at > $now) ORDER BY id",
            ("$now", StoredTime.From(now))));

    private static List<ApiKey> Read(SqliteCommand query)
    {
        using (query)
        {
            using var row = query.ExecuteReader();
            List<ApiKey> found = [];
            while (row.Read())
            {
                found.Add(new ApiKey(
                    row.GetString(0), row.GetString(1), row.GetString(2), Enum.Parse<KeyKind>(row.GetString(3)), row.GetString(4), row.GetString(5),
                    new StaffId(row.GetString(6)), StoredTime.ToInstant(row.GetInt64(7)), new StaffId(row.GetString(8)), row.GetString(9),
                    Instant(row, 10), Enum.Parse<KeyPhase>(row.GetString(11)))
                {
                    Fingerprint = Text(row, 12),
                    WaitsUntil = Instant(row, 13),
                    ApprovedBy = Text(row, 14) is { } approver ? new StaffId(approver) : null,
                    SuspendedAt = Instant(row, 15),
                    Replaces = Text(row, 16),
                    RevokeAt = Instant(row, 17),
                    Revocation = Text(row, 18) is { } revoker
                        ? new KeyRevocation(new StaffId(revoker), row.GetString(19), row.GetString(20), Instant(row, 21), Text(row, 22), row.GetInt64(24) == 1)
                        : null,
                    RevivedAt = Instant(row, 25),
                    WarnedDays = row.IsDBNull(23) ? null : row.GetInt32(23),
                });
            }

            return found;
        }
    }

    private static long? Stored(DateTimeOffset? instant) => instant is { } at ? StoredTime.From(at) : null;

    private static DateTimeOffset? Instant(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : StoredTime.ToInstant(row.GetInt64(column));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
