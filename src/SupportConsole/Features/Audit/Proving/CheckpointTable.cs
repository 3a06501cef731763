using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>The statements of what the console itself keeps of its log's name, keys and checkpoints.</summary>
internal static class CheckpointTable
{
    /// <summary>What the log is called; made with the first question, inside the writer's transaction.</summary>
    public static string NameOrMake(SqliteConnection connection)
    {
        using var make = connection.Prepare(
            "INSERT INTO audit_log (id, origin) VALUES (1, $origin) ON CONFLICT DO NOTHING",
            ("$origin", $"support-console/{RandomNumberGenerator.GetHexString(16, lowercase: true)}"));
        make.ExecuteNonQuery();
        return NameOn(connection)!;
    }

    /// <summary>What the log is called; null before its first checkpoint was thought of.</summary>
    public static string? NameOn(SqliteConnection connection)
    {
        using var command = connection.Prepare("SELECT origin FROM audit_log");
        return command.ExecuteScalar() as string;
    }

    /// <summary>Every key that ever signed, with whether it still does.</summary>
    public static IReadOnlyList<(NoteKey Key, bool Signs)> Keys(SqliteConnection connection)
    {
        using var command = connection.Prepare("SELECT verifier, retired FROM audit_key ORDER BY since, verifier");
        return
        [
            .. from known in command.Rows(row => (Key: NoteKey.TryParse(row.GetString(0), out var key) ? key : null, Signs: row.IsDBNull(1)))
               where known.Key is not null
               select (known.Key!, known.Signs),
        ];
    }

    /// <summary>Keeps a checkpoint and which keys signed it.</summary>
    public static void Add(SqliteConnection connection, Checkpoint checkpoint, SignedNote note, DateTimeOffset at, IReadOnlyCollection<NoteKey> signed)
    {
        foreach (var key in signed)
        {
            using var know = connection.Prepare(
                "INSERT INTO audit_key (verifier, since) VALUES ($key, $size) ON CONFLICT (verifier) DO UPDATE SET retired = NULL",
                ("$key", key.ToString()), ("$size", checkpoint.Size));
            know.ExecuteNonQuery();
        }

        foreach (var (key, _) in Keys(connection).Where(known => known.Signs && !signed.Contains(known.Key)))
        {
            using var retire = connection.Prepare("UPDATE audit_key SET retired = $size WHERE verifier = $key", ("$key", key.ToString()), ("$size", checkpoint.Size));
            retire.ExecuteNonQuery();
        }

        using var add = connection.Prepare(
            "INSERT INTO audit_checkpoint (size, made_at, note) VALUES ($size, $at, $note) ON CONFLICT (size) DO UPDATE SET note = $note, published = 0",
            ("$size", checkpoint.Size), ("$at", StoredTime.From(at)), ("$note", note.ToString()));
        add.ExecuteNonQuery();
    }

    /// <summary>That no key so far signs any more.</summary>
    public static void RetireAll(SqliteConnection connection) =>
        connection.Run("UPDATE audit_key SET retired = (SELECT coalesce(max(size), 0) FROM audit_checkpoint) WHERE retired IS NULL");

    /// <summary>The newest checkpoint; null before the first.</summary>
    public static StoredCheckpoint? Newest(SqliteConnection connection) => Found(connection, "ORDER BY size DESC LIMIT 1").FirstOrDefault();

    /// <summary>The oldest checkpoint over so many events; null where there is none yet.</summary>
    public static StoredCheckpoint? Over(SqliteConnection connection, long size) =>
        Found(connection, string.Create(CultureInfo.InvariantCulture, $"WHERE size >= {size} ORDER BY size LIMIT 1")).FirstOrDefault();

    /// <summary>Those that aren't in the folder yet, the oldest first: so many at most.</summary>
    public static IReadOnlyList<StoredCheckpoint> Unpublished(SqliteConnection connection, int limit) => Found(
        connection, string.Create(CultureInfo.InvariantCulture, $"INDEXED BY audit_checkpoint_unpublished WHERE published = 0 ORDER BY size LIMIT {limit}"));

    /// <summary>That a checkpoint lies in the folder now.</summary>
    public static void SetPublished(SqliteConnection connection, long size)
    {
        using var command = connection.Prepare("UPDATE audit_checkpoint SET published = 1 WHERE size = $size", ("$size", size));
        command.ExecuteNonQuery();
    }

    /// <summary>Puts what a witness signed beside a checkpoint.</summary>
    public static void AddCosignature(SqliteConnection connection, long size, NoteSignature cosignature)
    {
        if (Found(connection, string.Create(CultureInfo.InvariantCulture, $"WHERE size = {size}")) is not [{ Note: { } note }])
        {
            return;
        }

        using var command = connection.Prepare(
            "UPDATE audit_checkpoint SET note = $note WHERE size = $size", ("$note", note.With(cosignature).ToString()), ("$size", size));
        command.ExecuteNonQuery();
    }

    /// <summary>All of them, by size.</summary>
    public static IReadOnlyList<StoredCheckpoint> All(SqliteConnection connection) => Found(connection, "ORDER BY size");

    private static List<StoredCheckpoint> Found(SqliteConnection connection, string which)
    {
        using var command = connection.Prepare(string.Create(CultureInfo.InvariantCulture, $"SELECT size, made_at, note, published FROM audit_checkpoint {which}"));
        return [.. command.Rows(row => new StoredCheckpoint(row.GetInt64(0), StoredTime.ToInstant(row.GetInt64(1)), row.GetString(2), row.GetInt64(3) != 0))];
    }
}
