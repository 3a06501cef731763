using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// Takes events out of the house with all that a stranger needs to verify them (docs/audit-log-format.md): the newest checkpoint, and a
/// proof for each event that it is in the tree which the checkpoint was signed over.
/// </summary>
internal sealed class LogExport(ConsoleDb db, CheckpointDesk checkpoints)
{
    /// <summary>What the first line of an export says it is.</summary>
    public const string Format = "support-console-audit/1";

    private const int Piece = 256;

    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the events of a range as an export.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="first">The first sequence.</param>
    /// <param name="last">The last one; what came after the newest checkpoint isn't in it.</param>
    /// <param name="cancellationToken">Gives up; what was written then is no whole export.</param>
    /// <returns>How many events were written.</returns>
    /// <exception cref="SigningKeyException">There is no checkpoint over these events, and none can be signed.</exception>
    public async Task<long> WriteAsync(Stream to, long first, long last, CancellationToken cancellationToken)
    {
        var checkpoint = await SignedAsync();
        await LineAsync(to, json =>
        {
            json.WriteString("format", Format);
            json.WriteString("checkpoint", checkpoint.Text);
        });
        var tiles = new Dictionary<HashTile, ReadOnlyMemory<byte>>();
        var written = 0L;
        for (var at = Math.Max(1, first); at <= Math.Min(last, checkpoint.Size); at += Piece)
        {
            ForgetPassed(tiles);
            var end = Math.Min(Math.Min(last, checkpoint.Size), at + Piece - 1);
            foreach (var (sequence, body, personal, proof) in await db.ReadAsync(connection => Events(connection, at, end, checkpoint.Size, tiles), cancellationToken))
            {
                await LineAsync(to, json =>
                {
                    json.WriteNumber("index", sequence - 1);
                    json.WriteString("event", body);
                    if (personal is not null)
                    {
                        json.WritePropertyName("personal");
                        json.WriteRawValue(personal);
                    }

                    json.WriteStartArray("proof");
                    foreach (var hash in proof)
                    {
                        json.WriteStringValue(hash.ToString());
                    }

                    json.WriteEndArray();
                });
                written++;
            }
        }

        await to.FlushAsync(cancellationToken);
        return written;
    }

    /// <summary>The proof of one event, as a file of its own; null where there is none in its place.</summary>
    /// <exception cref="SigningKeyException">There is no checkpoint over it, and none can be signed.</exception>
    public async Task<LogProof?> ProveAsync(long sequence, CancellationToken cancellationToken)
    {
        var checkpoint = await SignedAsync(sequence);
        var found = sequence < 1 || sequence > checkpoint.Size ? [] : await db.ReadAsync(connection => Events(connection, sequence, sequence, checkpoint.Size, []), cancellationToken);
        return found is [var (_, body, _, proof)] ? new LogProof(sequence - 1, [.. proof], checkpoint.Note!, [.. body]) : null;
    }

    /// <summary>The proofs of several events, all of them against one checkpoint; made as they are asked for.</summary>
    /// <param name="sequences">Which events.</param>
    /// <param name="until">The newest of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SigningKeyException">There is no checkpoint over them, and none can be signed.</exception>
    public async Task<IAsyncEnumerable<LogProof>> ProveAsync(IAsyncEnumerable<long> sequences, long until, CancellationToken cancellationToken)
    {
        var checkpoint = await SignedAsync(until);
        return ProofsAsync(sequences, checkpoint.Size, checkpoint.Note!, cancellationToken);
    }

    private async IAsyncEnumerable<LogProof> ProofsAsync(IAsyncEnumerable<long> sequences, long size, SignedNote note, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tiles = new Dictionary<HashTile, ReadOnlyMemory<byte>>();
        await foreach (var piece in sequences.Chunk(Piece).WithCancellation(cancellationToken))
        {
            ForgetPassed(tiles);
            foreach (var (sequence, body, _, proof) in await db.ReadAsync(
                connection => piece.SelectMany(each => Events(connection, each, each, size, tiles)).ToList(), cancellationToken))
            {
                yield return new LogProof(sequence - 1, [.. proof], note, [.. body]);
            }
        }
    }

    /// <summary>The newest checkpoint, which is made first where it isn't over all of it.</summary>
    private async Task<StoredCheckpoint> SignedAsync(long over = long.MaxValue) =>
        checkpoints.Newest() is { } newest && newest.Size >= over
            ? newest
            : await checkpoints.MakeAsync() ?? throw new InvalidOperationException("An export is recorded, so the log has an event.");

    /// <summary>Between two pieces: tiles at the bottom are of use to their neighbours only, those above to all.</summary>
    private static void ForgetPassed(Dictionary<HashTile, ReadOnlyMemory<byte>> tiles)
    {
        foreach (var passed in tiles.Keys.Where(tile => tile.Level == 0).ToList())
        {
            tiles.Remove(passed);
        }
    }

    private static List<(long Sequence, byte[] Body, byte[]? Personal, IReadOnlyList<TreeHash> Proof)> Events(
        SqliteConnection connection, long first, long last, long size, Dictionary<HashTile, ReadOnlyMemory<byte>> tiles)
    {
        var tree = TreeTable.TreeOn(connection, tiles);
        using var command = connection.Prepare(
            "SELECT seq, body, personal FROM audit_event WHERE seq BETWEEN $first AND $last ORDER BY seq", ("$first", first), ("$last", last));
        using var rows = command.ExecuteReader();
        List<(long, byte[], byte[]?, IReadOnlyList<TreeHash>)> found = [];
        try
        {
            while (rows.Read())
            {
                found.Add((rows.GetInt64(0), (byte[])rows.GetValue(1), rows.GetValue(2) as byte[], tree.ProveInclusion(rows.GetInt64(0) - 1, size)));
            }
        }
        catch (InvalidDataException fault)
        {
            throw new UnprovableException(fault);
        }

        return found;
    }

    private static async Task LineAsync(Stream to, Action<Utf8JsonWriter> members)
    {
        using var line = new MemoryStream();
        await using (var json = new Utf8JsonWriter(line, s_json))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        line.Position = 0;
        await line.CopyToAsync(to);
    }
}
