using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Storage;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>
/// What it costs that the log proves itself: verifying ten million events against reading them in their order, what the tree takes of an
/// append, and making and checking a proof. The number of events can be set by <c>PROOF_EVENTS</c>.
/// </summary>
internal sealed class AuditProof : Row
{
    private const int Rounds = 3;
    private const long Megabyte = 1 << 20;

    public override string Name => "audit-proof";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        var length = int.Parse(Environment.GetEnvironmentVariable("PROOF_EVENTS") ?? "10000000", CultureInfo.InvariantCulture);
        yield return await TreeShareAsync();
        await using var stage = await ConsoleStage.StartAsync(await TrailFiller.FolderAsync(length, isIndexed: false));
        var (db, verifier) = (stage.Get<ConsoleDb>(), stage.Get<TrailVerifier>());
        await stage.Get<CheckpointDesk>().MakeAsync();
        var (verified, scanned, held) = (new Samples(), new Samples(), 0L);
        for (var round = 0; round < Rounds; round++)
        {
            await scanned.TakeAsync(() => Task.Run(() => Scan(db)));
            var before = GC.GetTotalMemory(forceFullCollection: true);
            using var watch = new Timer(_ => held = Math.Max(held, GC.GetTotalMemory(forceFullCollection: false) - before), null, 0, 50);
            await verified.TakeAsync(() => VerifyAsync(verifier));
        }

        var many = length.ToString("N0", CultureInfo.InvariantCulture);
        yield return Line.Of($"verifying {many} events, against reading them in order", verified, scanned, 1.3);
        yield return new Line(
            $"the heap that verifying {many} events takes at most", $"{held / Megabyte} MB", "-", $"{held / Megabyte} MB", "≤ 64 MB", held <= 64 * Megabyte);

        var alone = await AppendsASecondAsync(stage, TimeSpan.FromSeconds(3), null);
        var beside = await AppendsASecondAsync(stage, TimeSpan.FromSeconds(3), verifier);
        yield return new Line(
            "appends of 64 callers while a verification goes on, against without", Rate(beside), Rate(alone), Line.Times(beside / alone), $"≥ {Line.Times(0.8)}", beside / alone >= 0.8);

        var size = await db.ReadAsync(TreeTable.SizeOn, CancellationToken.None);
        var dice = new Dice(5);
        var (made, check) = (new Samples(), new Samples());
        var root = await db.ReadAsync(connection => TreeTable.TreeOn(connection).RootOf(size), CancellationToken.None);
        for (var turn = 0; turn < 500; turn++)
        {
            var index = dice.Next((int)size);
            var (leaf, proof) = (default(TreeHash), Array.Empty<TreeHash>());
            await made.TakeAsync(async () => (leaf, proof) = await db.ReadAsync(
                connection => (TreeHash.FromBytes(LeafOf(connection, index + 1)), TreeTable.TreeOn(connection).ProveInclusion(index, size).ToArray()), CancellationToken.None));
            var begun = Stopwatch.GetTimestamp();
            var holds = MerkleProof.IncludesLeaf(leaf, index, size, proof, root);
            check.Add(Stopwatch.GetElapsedTime(begun));
            if (!holds)
            {
                throw new InvalidOperationException("A proof doesn't hold.");
            }
        }

        yield return new Line($"proof of one of {many} events: made", Both(made), "-", "-", "≤ 5 ms", made.P99 <= 5);
        yield return new Line($"proof of one of {many} events: checked", Both(check), "-", "-", "≤ 0.1 ms", check.P99 <= 0.1);
    }

    /// <summary>What of an append of 64 callers is the tree: the hashes and tiles of as many leaves, alone, beside the appends themselves.</summary>
    private static async Task<Line> TreeShareAsync()
    {
        await using var stage = await ConsoleStage.StartAsync(Places.Fresh());
        await AppendsASecondAsync(stage, TimeSpan.FromSeconds(2), null);
        var appends = await AppendsASecondAsync(stage, TimeSpan.FromSeconds(4), null);
        const int leaves = 256 * 400;
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        connection.Run("CREATE TABLE audit_event (seq INTEGER PRIMARY KEY, leaf BLOB, body BLOB); CREATE TABLE audit_tile (level INTEGER, number INTEGER, hashes BLOB, PRIMARY KEY (level, number))");
        var tree = new TreeTable();
        tree.Resume(connection, 0, TreeHash.Empty);
        var leaf = TreeHash.FromBytes(RandomNumberGenerator.GetBytes(TreeHash.Length));
        var begun = Stopwatch.GetTimestamp();
        for (var each = 0; each < leaves; each++)
        {
            tree.Extend(connection, leaf);
        }

        var (one, part) = (1 / appends, Stopwatch.GetElapsedTime(begun).TotalSeconds / leaves);
        var ratio = (one - part) / one;
        return new Line(
            "append of 64 callers: what isn't the tree, against all of it", Micro(one - part), Micro(one), Line.Times(ratio), $"≥ {Line.Times(0.95)}", ratio >= 0.95);
    }

    private static async Task VerifyAsync(TrailVerifier verifier)
    {
        if (await verifier.VerifyAsync(null, null, CancellationToken.None) is { IsGood: false } verdict)
        {
            throw new InvalidOperationException(verdict.Faults[0].Text);
        }
    }

    private static void Scan(ConsoleDb db) => db.Read(
        connection =>
        {
            using var command = connection.Prepare("SELECT seq, time, type, outcome, actor, subject, session, leaf, body, personal FROM audit_event ORDER BY seq");
            using var rows = command.ExecuteReader();
            var row = new object[rows.FieldCount];
            var bytes = 0L;
            while (rows.Read())
            {
                rows.GetValues(row);
                bytes += ((byte[])row[8]).Length;
            }

            return bytes;
        },
        CancellationToken.None);

    private static byte[] LeafOf(SqliteConnection connection, long sequence)
    {
        using var command = connection.Prepare("SELECT leaf FROM audit_event WHERE seq = $seq", ("$seq", sequence));
        return (byte[])command.ExecuteScalar()!;
    }

    private static async Task<double> AppendsASecondAsync(ConsoleStage stage, TimeSpan length, TrailVerifier? beside)
    {
        var trail = stage.Get<AuditTrail>();
        var events = TrailFiller.Events(new Dice(11)).Take(2000).ToArray();
        using var end = new CancellationTokenSource();
        var verification = beside is null ? Task.CompletedTask : Task.Run(() => beside.VerifyAsync(null, null, end.Token));
        var done = 0;
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async caller =>
        {
            for (var next = caller; Stopwatch.GetElapsedTime(begun) < length; next++)
            {
                await trail.AppendAsync(events[next % events.Length]);
                Interlocked.Increment(ref done);
            }
        }));
        var rate = done / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await end.CancelAsync();
        await verification.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return rate;
    }

    private static string Rate(double rate) => string.Create(CultureInfo.InvariantCulture, $"{rate:N0}/s");

    private static string Micro(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0.00} µs");

    private static string Both(Samples samples) => string.Create(CultureInfo.InvariantCulture, $"{samples.P50:0.000} / {samples.P99:0.000} ms");
}
