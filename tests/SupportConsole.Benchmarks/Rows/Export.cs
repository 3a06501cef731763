using System.Globalization;
using System.IO.Pipelines;
using Microsoft.Data.Sqlite;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Exporting;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Storage;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>
/// Taking a million events out in each format, against reading the bytes of the same rows without looking at them, and the heap it takes. The
/// number of events can be set by <c>EXPORT_EVENTS</c>.
/// </summary>
internal sealed class Export : Row
{
    private const int Rounds = 3;
    private const long Megabyte = 1 << 20;

    public override string Name => "export";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        var length = int.Parse(Environment.GetEnvironmentVariable("EXPORT_EVENTS") ?? "1000000", CultureInfo.InvariantCulture);
        await using var stage = await ConsoleStage.StartAsync(await TrailFiller.FolderAsync(length));
        var db = stage.Get<ConsoleDb>();
        var checkpoint = (await stage.Get<CheckpointDesk>().MakeAsync())!;
        var many = length.ToString("N0", CultureInfo.InvariantCulture);
        var read = new Samples();
        for (var round = 0; round < Rounds; round++)
        {
            await read.TakeAsync(() => Task.Run(() => db.Read(Bytes, CancellationToken.None)));
        }

        foreach (var format in ExportFormat.All)
        {
            var (exported, held) = (new Samples(), 0L);
            for (var round = 0; round < Rounds; round++)
            {
                var before = GC.GetTotalMemory(forceFullCollection: true);
                using var watch = new Timer(_ => held = Math.Max(held, GC.GetTotalMemory(forceFullCollection: false) - before), null, 0, 50);
                var export = new TrailExport(db, _ => Task.CompletedTask, format, AuditQuery.All, format == ExportFormat.JsonLines ? checkpoint : null) { After = 0, Until = checkpoint.Size };
                await exported.TakeAsync(() => export.WriteAsync(PipeWriter.Create(Stream.Null), CancellationToken.None));
            }

            var ratio = read.P50 / exported.P50;
            yield return new Line(
                $"export of {many} events as {format.Name}: pace, against reading the rows' bytes", Rate(length, exported), Rate(length, read), Line.Times(ratio), $"≥ {Line.Times(0.7)}", ratio >= 0.7);
            yield return new Line($"the heap that it takes at most", $"{held / Megabyte} MB", "-", $"{held / Megabyte} MB", "≤ 64 MB", held <= 64 * Megabyte);
        }
    }

    private static long Bytes(SqliteConnection connection)
    {
        using var command = connection.Prepare("SELECT body, personal FROM audit_event ORDER BY seq");
        using var rows = command.ExecuteReader();
        var bytes = 0L;
        while (rows.Read())
        {
            bytes += ((byte[])rows.GetValue(0)).Length + ((rows.GetValue(1) as byte[])?.Length ?? 0);
        }

        return bytes;
    }

    private static string Rate(int events, Samples samples) => string.Create(CultureInfo.InvariantCulture, $"{events / samples.P50 * 1000:N0}/s");
}
