using System.Collections.Immutable;
using System.IO.Pipelines;
using Microsoft.Data.Sqlite;
using SupportConsole.Access;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Exporting;

/// <summary>
/// Events being taken out, which was recorded: those of a query in a stretch of the trail that doesn't grow any more. They go out a page at
/// a time, with no read of the database held open between two, and the right to them is asked for again with each.
/// </summary>
/// <param name="db">Where the events are.</param>
/// <param name="demand">Asks whether whoever they are for still may, and throws where not.</param>
/// <param name="format">As what they go out.</param>
/// <param name="query">Which events.</param>
/// <param name="checkpoint">What they are proved by; null where the format proves nothing.</param>
internal sealed class TrailExport(ConsoleDb db, Func<CancellationToken, Task> demand, ExportFormat format, AuditQuery query, StoredCheckpoint? checkpoint)
{
    private const int Page = 256;

    /// <summary>How far one read walks where few events are asked for.</summary>
    private const long Stretch = 50_000;

    private readonly Dictionary<HashTile, ReadOnlyMemory<byte>> _tiles = [];

    /// <summary>As what they go out.</summary>
    public ExportFormat Format => format;

    /// <summary>The sequence that the first of them follows.</summary>
    public required long After { get; init; }

    /// <summary>The last sequence that can be among them.</summary>
    public required long Until { get; init; }

    /// <summary>Takes how far it is; null where nobody is to be told.</summary>
    public ExportProgress? Progress { get; init; }

    /// <summary>Writes all of it.</summary>
    /// <param name="to">Where to. It sets the pace.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many events went out.</returns>
    /// <exception cref="SignInOverException">The sign-in ended meanwhile; what was written is not the whole.</exception>
    /// <exception cref="DutyRefusedException">The right was lost meanwhile; the same.</exception>
    /// <exception cref="DatabaseUnreadableException">The trail can't be read any more; the same.</exception>
    /// <exception cref="OperationCanceledException">Nobody reads any more; the same.</exception>
    public async Task<long> WriteAsync(PipeWriter to, CancellationToken cancellationToken)
    {
        try
        {
            var events = await WriteAllAsync(to, cancellationToken);
            Progress?.Finish();
            return events;
        }
        catch (Exception fault)
        {
            Progress?.Stop(fault);
            throw;
        }
    }

    private async Task<long> WriteAllAsync(PipeWriter to, CancellationToken cancellationToken)
    {
        using var form = FormFor(to);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        form.Begin();
        var events = 0L;
        var ahead = ReadAsync(After, ended.Token);
        try
        {
            for (var at = After; at < Until;)
            {
                (var rows, at) = await ahead;
                await demand(cancellationToken);
                ahead = ReadAsync(at, ended.Token); // While this page goes out; one ahead, and no more.
                form.Write(rows);
                events += rows.Count;
                if ((await to.FlushAsync(cancellationToken)).IsCompleted)
                {
                    throw new OperationCanceledException("Nobody reads any more.");
                }

                Progress?.Reach(events, at);
            }

            form.End(events);
            await to.FlushAsync(cancellationToken);
            return events;
        }
        finally
        {
            await ended.CancelAsync();
            await ((Task)ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IExportForm FormFor(PipeWriter to) =>
        format == ExportFormat.Csv ? new CsvForm(to) : format == ExportFormat.Ocsf ? new OcsfForm(to) : new JsonLinesForm(to, checkpoint!);

    /// <summary>The page after a place, and the place that it ends at.</summary>
    private async Task<(IReadOnlyList<ExportRow> Rows, long End)> ReadAsync(long after, CancellationToken cancellationToken)
    {
        if (after >= Until)
        {
            return ([], after);
        }

        // Words are found by themselves; anything else is looked for from event to event.
        var until = !query.HasWords ? Math.Min(Until, after + Stretch) : Until;
        var read = await db.ReadAsync(connection => RowsOn(connection, after, until), cancellationToken);
        return ([.. read.Where(row => row.Entry is null || query.Finds(row.Entry))], read.Count == Page ? read[^1].Sequence : until);
    }

    private List<ExportRow> RowsOn(SqliteConnection connection, long after, long until)
    {
        using var command = TrailSearch.Onward(connection, query, after, until, Page);
        var tree = checkpoint is null ? null : TreeTable.TreeOn(connection, _tiles);
        if (command is null)
        {
            return [];
        }

        LogExport.ForgetPassed(_tiles);
        // Where nothing is asked of events and nothing shown of them, they are held against their hashes and needn't be read.
        var goesUnread = tree is not null && query == AuditQuery.All;
        return [.. command.Rows(row => RowIn(row, goesUnread, tree))];
    }

    private ExportRow RowIn(SqliteDataReader row, bool goesUnread, TileTree? tree)
    {
        var (body, sequence, personal) = ((byte[])row.GetValue(0), row.GetInt64(1), row.GetValue(5) as byte[]);
        var entry = goesUnread && TrailTable.IsWhole(sequence, body, (byte[])row.GetValue(4), personal) ? null : TrailTable.EntryIn(row);
        return new ExportRow(sequence, body, personal, entry, ProofOf(tree, sequence));
    }

    private ImmutableArray<TreeHash> ProofOf(TileTree? tree, long sequence)
    {
        try
        {
            return tree?.ProveInclusion(sequence - 1, checkpoint!.Size) ?? default;
        }
        catch (InvalidDataException)
        {
            return default; // The tree is damaged here: the event goes out as one that nothing proves.
        }
    }
}
