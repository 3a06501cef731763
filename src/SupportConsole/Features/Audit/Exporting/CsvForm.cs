using System.Buffers;
using System.Globalization;
using System.Text;
using CsvHelper;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Audit.Exporting;

/// <summary>A table for spreadsheets: RFC 4180, UTF-8 with a byte order mark, every cell quoted and none a formula.</summary>
internal sealed class CsvForm : IExportForm
{
    private static readonly (string Name, Func<AuditEntry, string?> Cell)[] Columns =
    [
        ("sequence", entry => Number(entry.Sequence)),
        ("time", entry => Time(entry.Event.At)),
        ("type", entry => entry.Event.Type),
        ("outcome", entry => entry.Event.Outcome.ToString().ToLowerInvariant()),
        ("state", entry => entry.IsDamaged ? "damaged" : entry.Erased is null ? "whole" : "erased"),
        ("actor_id", entry => entry.Event.Actor.Id.Value),
        ("actor_name", entry => entry.Event.Actor.Name),
        ("actor_roles", entry => string.Join(", ", entry.Event.Actor.Roles.Select(RoleCatalog.NameOf))),
        ("client_address", entry => entry.Event.ClientAddress),
        ("subject_collection", entry => entry.Event.Subject?.Collection),
        ("subject_id", entry => entry.Event.Subject?.Id),
        ("subject_name", entry => entry.Event.Subject?.Name),
        ("session", entry => entry.Event.SessionId),
        ("reason", entry => entry.Event.Reason),
        ("category", entry => entry.Event.Category),
        ("ticket", entry => entry.Event.Ticket),
        ("detail", entry => entry.Event.Detail),
        ("target_collection", entry => entry.Event.Target?.Collection),
        ("target_records", entry => entry.Event.Target is { RecordIds: { IsDefaultOrEmpty: false } ids } ? string.Join('\n', ids) : null),
        ("target_count", entry => entry.Event.Target?.Count is { } count ? Number(count) : null),
        ("target_query_hash", entry => entry.Event.Target?.QueryHash),
        ("correlation", entry => entry.Event.CorrelationId),
        ("instance", entry => entry.Event.Instance),
        ("actor_erased", entry => entry.Erased?.By is { } at ? Time(at) : null),
        ("about_erased", entry => entry.Erased?.About is { } at ? Time(at) : null),
        ("sha256", entry => Convert.ToHexStringLower(entry.LeafHash.AsSpan())),
    ];

    private readonly IBufferWriter<byte> _to;
    private readonly MemoryStream _page = new();
    private readonly CsvWriter _table;

    public CsvForm(IBufferWriter<byte> to)
    {
        _to = to;
        // Its own guard against formulas knows the first letter of a cell alone.
        _table = CsvWriter.Create(_page, new CsvWriterOptions { Quoting = CsvQuoting.Always, Injection = CsvInjection.None }, leaveOpen: true);
    }

    /// <inheritdoc />
    public void Begin()
    {
        // Without the mark a spreadsheet opened by a double click reads the machine's old code page.
        _to.Write(Encoding.UTF8.Preamble);
        foreach (var (name, _) in Columns)
        {
            _table.WriteField(name);
        }

        _table.EndRecord();
        Hand();
    }

    /// <inheritdoc />
    public void Write(IReadOnlyList<ExportRow> events)
    {
        foreach (var row in events)
        {
            foreach (var (_, cell) in Columns)
            {
                _table.WriteField(SpreadsheetText.Of(cell(row.Entry!) ?? ""));
            }

            _table.EndRecord();
        }

        Hand();
    }

    /// <inheritdoc />
    /// <remarks>Nothing: whatever stood here would be a row.</remarks>
    public void End(long events)
    {
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _table.Dispose();
        _page.Dispose();
    }

    /// <summary>The library writes to a stream, and a response's must not be waited for.</summary>
    private void Hand()
    {
        _table.Flush();
        _to.Write(_page.GetBuffer().AsSpan(0, (int)_page.Length));
        _page.SetLength(0);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
