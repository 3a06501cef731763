using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// Verifies the log: every event against its hash and the stored tree, and the tree against each checkpoint that was published. It reads
/// beside everything else and keeps nobody waiting.
/// </summary>
internal sealed class TrailVerifier(ConsoleDb db, CheckpointFolder folder, SigningKeys keys, TimeProvider clock)
{
    /// <summary>Rows a statement: the database's log isn't kept from starting again for longer than that.</summary>
    private const int Piece = 4096;

    /// <summary>Verifies from the first event to the newest that is there now.</summary>
    /// <param name="trusted">The keys that count; null for those that the console knows as its log's.</param>
    /// <param name="progress">Told how many events are done, and of how many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DatabaseUnreadableException">The database doesn't answer.</exception>
    public Task<Verdict> VerifyAsync(IReadOnlyCollection<NoteKey>? trusted, IProgress<(long Done, long Of)>? progress, CancellationToken cancellationToken) =>
        RunAsync(trusted, fromNewest: false, progress, cancellationToken);

    /// <summary>The same for what came after the newest checkpoint in the folder, and for that checkpoint: what a start looks at.</summary>
    /// <exception cref="DatabaseUnreadableException">The database doesn't answer.</exception>
    public Task<Verdict> VerifyTailAsync(CancellationToken cancellationToken) => RunAsync(null, fromNewest: true, null, cancellationToken);

    private async Task<Verdict> RunAsync(
        IReadOnlyCollection<NoteKey>? trusted, bool fromNewest, IProgress<(long Done, long Of)>? progress, CancellationToken cancellationToken)
    {
        var faults = new FaultList();
        var (size, stored, known, origin) = await db.ReadAsync(
            connection => (TreeTable.SizeOn(connection), CheckpointTable.All(connection), CheckpointTable.Keys(connection), CheckpointTable.NameOn(connection)), cancellationToken);
        var signed = new SignedRoots(folder, faults).Read(trusted ?? [.. known.Select(key => key.Key)], trusted is not null, origin, stored, fromNewest);
        RequireOwnKeys(known, faults);
        foreach (var (over, root) in signed.Where(root => root.Key > size))
        {
            faults.Add(TrailFaultKind.MissingTail, size + 1, string.Create(
                CultureInfo.InvariantCulture, $"{root.Where} is over {over} events and the log has {size}: the last {over - size} are gone, or the database is an older copy."));
        }

        try
        {
            await ScanAsync(size, fromNewest ? signed.Keys.Where(over => over <= size).DefaultIfEmpty().Max() : 0, signed, faults, progress, cancellationToken);
        }
        catch (InvalidDataException fault)
        {
            faults.Add(TrailFaultKind.TreeDamaged, null, $"The stored tree can't be read: {fault.Message}");
        }

        return new Verdict(size, clock.GetUtcNow(), faults.First, faults.Count, signed.Count, signed.Keys.DefaultIfEmpty().Max());
    }

    private async Task ScanAsync(
        long size, long from, IReadOnlyDictionary<long, SignedRoot> signed, FaultList faults, IProgress<(long Done, long Of)>? progress, CancellationToken cancellationToken)
    {
        var frontier = await db.ReadAsync(connection => TreeTable.TreeOn(connection).FrontierOf(from), cancellationToken);
        if (from > 0 && signed.TryGetValue(from, out var start) && start.Root != frontier.Root())
        {
            faults.Add(TrailFaultKind.Rebuilt, from, string.Create(CultureInfo.InvariantCulture, $"{start.Where} was signed over other events than the first {from} that are here: one of them was changed, or the log was rebuilt."));
        }

        var leaves = new StoredLeaves(db);
        var scan = new TrailScan(frontier, signed, leaves.At, faults);
        // One piece is read while the one before is judged; a third waits at most.
        var pieces = Channel.CreateBounded<List<TrailLine>>(1);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(from, size, pieces.Writer, both.Token);
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(cancellationToken))
            {
                piece.ForEach(scan.Take);
                progress?.Report((scan.Size, size));
            }

            await reading;
        }
        finally
        {
            await both.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (scan.Size < size)
        {
            scan.Skip(size);
        }

        // Somebody's data may have been erased while this went on; the event that says so is newer than what was looked at.
        foreach (var erasure in await db.ReadAsync(connection => ErasuresAfter(connection, size), cancellationToken))
        {
            scan.TakeErasure(erasure);
        }

        scan.End();
        if (faults.Count == 0 && await db.ReadAsync(connection => TreeTable.TreeOn(connection).RootOf(size), cancellationToken) != scan.Root)
        {
            faults.Add(TrailFaultKind.TreeDamaged, null, "The stored hashes of the tree aren't those of the events: proofs made from them would be refused.");
        }
    }

    private async Task ReadAsync(long after, long last, ChannelWriter<List<TrailLine>> pieces, CancellationToken cancellationToken)
    {
        try
        {
            while (after < last)
            {
                var from = after;
                var piece = await db.ReadAsync(connection => Lines(connection, from, last), cancellationToken);
                if (piece.Count == 0)
                {
                    break;
                }

                after = piece[^1].Sequence;
                await pieces.WriteAsync(piece, cancellationToken);
            }

            pieces.Complete();
        }
        catch (Exception fault)
        {
            pieces.Complete(fault);
            throw;
        }
    }

    private static List<TrailLine> Lines(SqliteConnection connection, long after, long last)
    {
        using var command = connection.Prepare(
            $"SELECT {TrailLine.Columns} FROM audit_event WHERE seq > $after AND seq <= $last ORDER BY seq LIMIT {Piece}", ("$after", after), ("$last", last));
        using var rows = command.ExecuteReader();
        var lines = new List<TrailLine>(Piece);
        while (rows.Read())
        {
            lines.Add(TrailLine.In(rows));
        }

        return lines;
    }

    private static List<AuditEvent> ErasuresAfter(SqliteConnection connection, long size) =>
        [.. TrailTable.After(connection, size, AuditEventTypes.AuditErased).Where(entry => !entry.IsDamaged).Select(entry => entry.Event)];

    /// <summary>That the console signs with keys that the log has, and the folder knows no others.</summary>
    private void RequireOwnKeys(IReadOnlyList<(NoteKey Key, bool Signs)> known, FaultList faults)
    {
        try
        {
            foreach (var key in (folder.ReadKeys() ?? []).Where(key => known.All(own => own.Key != key)))
            {
                faults.Add(TrailFaultKind.WrongKey, null, $"The key {key} lies beside the checkpoints, and the database doesn't know it: the database was made anew, or belongs to another log.");
            }
        }
        catch (CheckpointFolderException fault)
        {
            faults.Add(TrailFaultKind.Unreadable, null, fault.Message);
        }

        try
        {
            var signers = keys.Open();
            foreach (var signer in signers)
            {
                using (signer)
                {
                    if (known.Count > 0 && known.All(own => own.Key != signer.Verifier))
                    {
                        faults.Add(TrailFaultKind.WrongKey, null, $"The console would sign with {signer.Verifier}, which has never signed a checkpoint of this log.");
                    }
                }
            }
        }
        catch (SigningKeyException fault)
        {
            faults.Add(TrailFaultKind.Unreadable, null, fault.Message);
        }
    }
}
