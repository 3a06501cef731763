using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using SupportConsole.Core.Audit.Ocsf;

namespace SupportConsole.Features.Audit.Exporting;

/// <summary>An event of the Open Cybersecurity Schema Framework a line.</summary>
internal sealed class OcsfForm(IBufferWriter<byte> to) : IExportForm
{
    private readonly Utf8JsonWriter _json = new(to, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <inheritdoc />
    public void Begin()
    {
    }

    /// <inheritdoc />
    public void Write(IReadOnlyList<ExportRow> events)
    {
        foreach (var row in events)
        {
            OcsfEvent.Write(_json, row.Entry!);
            _json.Flush();
            _json.Reset();
            to.Write("\n"u8);
        }
    }

    /// <inheritdoc />
    /// <remarks>Nothing: whoever gathers these takes each line for an event.</remarks>
    public void End(long events)
    {
    }

    /// <inheritdoc />
    public void Dispose() => _json.Dispose();
}
