using System.Buffers;
using SupportConsole.Features.Audit.Proving;

namespace SupportConsole.Features.Audit.Exporting;

/// <summary>The form that proves itself (docs/audit-log-format.md).</summary>
internal sealed class JsonLinesForm(IBufferWriter<byte> to, StoredCheckpoint checkpoint) : IExportForm
{
    private readonly ExportLines _lines = new(to);

    /// <inheritdoc />
    public void Begin() => _lines.Begin(checkpoint);

    /// <inheritdoc />
    public void Write(IReadOnlyList<ExportRow> events)
    {
        foreach (var (sequence, body, personal, entry, proof) in events)
        {
            if (entry?.IsDamaged == true || proof.IsDefault)
            {
                _lines.Damaged(sequence, body);
            }
            else
            {
                _lines.Event(sequence, body, personal, proof.AsSpan());
            }
        }
    }

    /// <inheritdoc />
    public void End(long events) => _lines.End(events);

    /// <inheritdoc />
    public void Dispose() => _lines.Dispose();
}
