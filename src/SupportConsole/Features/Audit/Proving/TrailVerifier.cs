using System.Globalization;
using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Features.Audit.Retaining;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// Verifies the log: every event against its hash and the stored tree, and the tree against each checkpoint that was published. It reads
/// beside everything else and keeps nobody waiting.
/// </summary>
internal sealed class TrailVerifier(ConsoleDb db, CheckpointFolder folder, SigningKeys keys, TimeProvider clock)
{
    /// <summary>Rows a statement: the database's log isn't kept from starting again for longer than that.</summary>
    private const int Piece = 1024;

    /// <summary>Stretches judged side by side.</summary>
    private const int AtOnce = 2;

    /// <summary>How often the time of a stretch is waited after it while events are being recorded.</summary>
    private const double RestWhileBusy = 5;

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
        // In this order: what is published while this goes on is over no more events than are counted then.
        var stored = await db.ReadAsync(CheckpointTable.All, cancellationToken);
        var roots = await SignedRoots.ReadAsync(folder, faults, fromNewest);
        var besides = await KeysBesideAsync(faults);
        var (size, known, origin, leaves) = await db.ReadAsync(
            connection => (TreeTable.SizeOn(connection), CheckpointTable.Keys(connection), CheckpointTable.NameOn(connection), TreeTable.FullLeavesOn(connection)), cancellationToken);
        var signed = roots.Judge(trusted ?? [.. known.Select(key => key.Key)], trusted is not null, origin, stored);
        RequireOwnKeys(known, besides, faults);
        if (signed.Count == 0 && faults.Count == 0 && (trusted is not null || (known.Count > 0 && stored.Count == 0)))
        {
            faults.Add(TrailFaultKind.CheckpointRemoved, null, "The log has been signed, and no checkpoint with a good signature lies in the folder: nothing outside the database says what it held.");
        }

        if (leaves > size)
        {
            faults.Add(TrailFaultKind.MissingTail, size + 1, string.Create(CultureInfo.InvariantCulture, $"The stored tree has {leaves} events and the log {size}: the last ones are gone."));
        }

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

        // A purge that came meanwhile was signed before it took anything: its checkpoint lies in the folder by now.
        var (purged, told) = await db.ReadAsync(PurgeTable.Told, cancellationToken);
        if (purged > 0 && signed.Count > 0 && told > signed.Keys.Max()
            && (await SignedRoots.ReadAsync(folder, new FaultList(), newestOnly: true)).Judge(trusted ?? [.. known.Select(key => key.Key)], trusted is not null, origin, stored).Keys.DefaultIfEmpty().Max() < told)
        {
            faults.Add(TrailFaultKind.MissingMiddle, 1, string.Create(
                CultureInfo.InvariantCulture, $"The first {purged} events are gone, and the event that tells of their purge, {told}, isn't under any published checkpoint."));
        }

        return new Verdict(size, clock.GetUtcNow(), faults.First, faults.Count, signed.Count, signed.Keys.DefaultIfEmpty().Max()) { Purged = purged };
    }

    private async Task ScanAsync(
        long size, long from, IReadOnlyDictionary<long, SignedRoot> signed, FaultList faults, IProgress<(long Done, long Of)>? progress, CancellationToken cancellationToken)
    {
        var frontier = await db.ReadAsync(connection => TreeTable.TreeOn(connection).FrontierOf(from), cancellationToken);
        var leaves = new StoredLeaves(db);
        var scan = new TrailScan(
            frontier, signed, leaves.At, () => db.Read(PurgeTable.Told, CancellationToken.None).Gone, faults);
        scan.RequireSignedRoot();
        var judging = new Queue<(EventJudge Judge, Task<JudgedStretch> Work)>();
        var (next, end, began) = (from, size, TimeProvider.System.GetTimestamp());
        for (var each = 0; each < AtOnce && next < size; each++)
        {
            Begin(new EventJudge());
        }

        while (judging.TryDequeue(out var first))
        {
            var stretch = await first.Work;
            scan.Take(stretch);
            progress?.Report((scan.Size, size));
            if (stretch.Leaves.Count == 0)
            {
                // Where so many are gone, on to the next that is there.
                next = Math.Max(next, await db.ReadAsync(connection => TreeTable.BeforeNext(connection, next, size), cancellationToken));
            }

            if (next >= size)
            {
                continue;
            }

            // Appends go first: while there are any, this takes a small part of the machine.
            var come = db.Read(TreeTable.SizeOn, cancellationToken);
            if (come > end)
            {
                await Task.Delay(TimeProvider.System.GetElapsedTime(began) * RestWhileBusy, TimeProvider.System, cancellationToken);
            }

            (end, began) = (come, TimeProvider.System.GetTimestamp());
            Begin(first.Judge);
        }

        void Begin(EventJudge judge)
        {
            var (after, last) = (next, Math.Min(next + Piece, size));
            judging.Enqueue((judge, db.ReadAsync(connection => judge.Judge(connection, after, last), cancellationToken)));
            next = last;
        }

        if (scan.Size < size)
        {
            scan.Skip(size);
        }

        // Somebody's data may have been erased while this went on; the event that says so is newer than what was looked at.
        scan.End(await db.ReadAsync(connection => ErasedAfter(connection, size), cancellationToken));
        if (faults.Count == 0 && await db.ReadAsync(connection => TreeTable.TreeOn(connection).RootOf(size), cancellationToken) != scan.Root)
        {
            faults.Add(TrailFaultKind.TreeDamaged, null, "The stored hashes of the tree aren't those of the events: proofs made from them would be refused.");
        }

    }

    private static List<ToldErasure> ErasedAfter(SqliteConnection connection, long size) =>
    [
        .. from entry in TrailTable.After(connection, size, AuditEventTypes.AuditErased)
           where !entry.IsDamaged && entry.Event.Subject is not null
           select new ToldErasure(entry.Event.At, entry.Sequence, new AuditSubjectKey(entry.Event.Subject!.Collection, entry.Event.Subject.Id)),
    ];

    private async Task<IReadOnlyList<NoteKey>> KeysBesideAsync(FaultList faults)
    {
        try
        {
            return await folder.ReadKeysAsync() ?? [];
        }
        catch (CheckpointFolderException fault)
        {
            faults.Add(TrailFaultKind.Unreadable, null, fault.Message);
            return [];
        }
    }

    /// <summary>That the console signs with keys that the log has, and the folder knows no others.</summary>
    private void RequireOwnKeys(IReadOnlyList<(NoteKey Key, bool Signs)> known, IReadOnlyList<NoteKey> beside, FaultList faults)
    {
        foreach (var key in beside.Where(key => known.All(own => own.Key != key)))
        {
            faults.Add(TrailFaultKind.WrongKey, null, $"The key {key} lies beside the checkpoints, and the database doesn't know it: the database was made anew, or belongs to another log.");
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
