using Microsoft.Data.Sqlite;
using SupportConsole.Core.Staff;
using SupportConsole.Storage;

namespace SupportConsole.Features.SignIn;

/// <summary>The statements of the sign-in desk. Those that tell of something run inside the commit of the entry that tells of it.</summary>
internal static class SignInTable
{
    private const string Standing = "ended_at IS NULL AND started_at > $oldest AND seen_at > $idle";

    public static void Insert(SqliteConnection connection, string id, StaffId staff, DateTimeOffset? provenAt, DateTimeOffset now)
    {
        using var insert = connection.Prepare(
            "INSERT INTO sign_in (id, staff_id, started_at, proven_at, seen_at) VALUES ($id, $staff, $now, $proven, $now)",
            ("$id", id), ("$staff", staff.Value), ("$now", StoredTime.From(now)), ("$proven", Stored(provenAt, now)));
        insert.ExecuteNonQuery();
    }

    /// <summary>Whose a sign-in is, and since when that is proved; null when it doesn't stand.</summary>
    public static (StaffId Staff, DateTimeOffset? ProvenAt)? Find(SqliteConnection connection, string id, SignInLimits limits)
    {
        using var row = connection.Prepare($"SELECT staff_id, proven_at FROM sign_in WHERE id = $id AND {Standing}", [("$id", id), .. Of(limits)]);
        using var reader = row.ExecuteReader();
        return reader.Read() ? (new StaffId(reader.GetString(0)), reader.IsDBNull(1) ? null : StoredTime.ToInstant(reader.GetInt64(1))) : null;
    }

    /// <summary>Takes a fresh proof.</summary>
    public static void Prove(SqliteConnection connection, string id, DateTimeOffset? provenAt, DateTimeOffset now)
    {
        using var update = connection.Prepare(
            "UPDATE sign_in SET proven_at = $proven, seen_at = $now WHERE id = $id",
            ("$id", id), ("$proven", Stored(provenAt, now)), ("$now", StoredTime.From(now)));
        update.ExecuteNonQuery();
    }

    /// <summary>Whether the person was last seen after an instant.</summary>
    public static bool WasSeenAfter(SqliteConnection connection, string id, DateTimeOffset instant) =>
        connection.Number("SELECT seen_at FROM sign_in WHERE id = $id", ("$id", id)) > StoredTime.From(instant);

    /// <summary>Notes that the person is there. Revives nothing.</summary>
    public static void See(SqliteConnection connection, string id, SignInLimits limits, DateTimeOffset now)
    {
        using var update = connection.Prepare(
            $"UPDATE sign_in SET seen_at = $now WHERE id = $id AND {Standing}", [("$id", id), .. Of(limits), ("$now", StoredTime.From(now))]);
        update.ExecuteNonQuery();
    }

    public static void End(SqliteConnection connection, string id, DateTimeOffset at)
    {
        using var update = connection.Prepare(
            "UPDATE sign_in SET ended_at = $at WHERE id = $id AND ended_at IS NULL", ("$id", id), ("$at", StoredTime.From(at)));
        update.ExecuteNonQuery();
    }

    /// <summary>Those that are over by the limits and have no end yet.</summary>
    public static List<OverdueSignIn> Overdue(SqliteConnection connection, SignInLimits limits)
    {
        using var rows = connection.Prepare(
            "SELECT id, staff_id, started_at FROM sign_in WHERE ended_at IS NULL AND (started_at <= $oldest OR seen_at <= $idle)", Of(limits));
        using var reader = rows.ExecuteReader();
        List<OverdueSignIn> found = [];
        while (reader.Read())
        {
            found.Add(new OverdueSignIn(reader.GetString(0), new StaffId(reader.GetString(1)), reader.GetInt64(2) <= StoredTime.From(limits.Oldest)));
        }

        return found;
    }

    private static (string Name, object? Value)[] Of(SignInLimits limits) =>
        [("$oldest", StoredTime.From(limits.Oldest)), ("$idle", StoredTime.From(limits.Idle))];

    // A provider's clock that runs ahead must not make a proof last longer.
    private static long? Stored(DateTimeOffset? provenAt, DateTimeOffset now) =>
        provenAt is { } at ? StoredTime.From(at < now ? at : now) : null;
}

/// <summary>What a sign-in must be younger than to stand.</summary>
/// <param name="Oldest">The latest start of one that has grown too old.</param>
/// <param name="Idle">When the person of one that is idle was last seen, at the latest.</param>
internal readonly record struct SignInLimits(DateTimeOffset Oldest, DateTimeOffset Idle);

/// <summary>A sign-in whose end has come and isn't recorded yet.</summary>
/// <param name="Id">Which.</param>
/// <param name="Staff">Whose.</param>
/// <param name="TooOld">Whether it has grown too old; otherwise it is idle.</param>
internal sealed record OverdueSignIn(string Id, StaffId Staff, bool TooOld);
