using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// Takes proofs of events out of the house, with all that a stranger needs to verify them (docs/audit-log-format.md): a checkpoint, and for
/// each event that it is in the tree which the checkpoint was signed over.
/// </summary>
internal sealed class LogExport(ConsoleDb db, CheckpointDesk checkpoints)
{
    private const int Piece = 256;

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
    internal static void ForgetPassed(Dictionary<HashTile, ReadOnlyMemory<byte>> tiles)
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
}
