using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>Writes the lines of an export that proves itself (docs/audit-log-format.md).</summary>
/// <param name="to">Where to; whoever made it sees to it that this leaves the memory.</param>
internal sealed class ExportLines(IBufferWriter<byte> to) : IDisposable
{
    /// <summary>What the first line of an export says it is.</summary>
    public const string Format = "support-console-audit/2";

    /// <summary>What it said before there was a last line.</summary>
    public const string FormatWithoutEnd = "support-console-audit/1";

    /// <summary>So much of a damaged event's bytes goes out, in bytes: a line has its limit, and these prove nothing anyway.</summary>
    private const int MostDamaged = 512 * 1024;

    private readonly Utf8JsonWriter _json = new(to, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The first line.</summary>
    public void Begin(StoredCheckpoint checkpoint)
    {
        _json.WriteStartObject();
        _json.WriteString("format", Format);
        _json.WriteString("checkpoint", checkpoint.Text);
        EndLine();
    }

    /// <summary>An event with its proof.</summary>
    public void Event(long sequence, ReadOnlySpan<byte> body, ReadOnlySpan<byte> personal, ReadOnlySpan<TreeHash> proof)
    {
        _json.WriteStartObject();
        _json.WriteNumber("index", sequence - 1);
        _json.WriteString("event", body);
        if (!personal.IsEmpty)
        {
            _json.WritePropertyName("personal");
            _json.WriteRawValue(personal, skipInputValidation: true); // It was read as what it is.
        }

        _json.WriteStartArray("proof");
        Span<byte> bytes = stackalloc byte[TreeHash.Length];
        foreach (var hash in proof)
        {
            hash.CopyTo(bytes);
            _json.WriteBase64StringValue(bytes);
        }

        _json.WriteEndArray();
        EndLine();
    }

    /// <summary>An event that the log has damaged: its bytes as they were found, as far as a line holds them. No verifier passes it.</summary>
    public void Damaged(long sequence, ReadOnlySpan<byte> body)
    {
        _json.WriteStartObject();
        _json.WriteNumber("index", sequence - 1);
        _json.WriteBase64String("damaged", body[..Math.Min(body.Length, MostDamaged)]);
        EndLine();
    }

    /// <summary>The last line, without which an export is cut off.</summary>
    public void End(long events)
    {
        _json.WriteStartObject();
        _json.WriteNumber("events", events);
        EndLine();
    }

    /// <inheritdoc />
    public void Dispose() => _json.Dispose();

    private void EndLine()
    {
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        to.Write("\n"u8);
    }
}
