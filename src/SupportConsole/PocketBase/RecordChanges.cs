using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace SupportConsole.PocketBase;

/// <summary>
/// The changes of a collection as PocketBase announces them, read as they come. PocketBase goes on announcing past a token's end, and some
/// versions past its revocation: what comes here is nobody's view until the token was proved alive after it.
/// </summary>
internal sealed class RecordChanges : IDisposable
{
    // The framework's own parser of event streams would keep an event of any length.
    private const int MaxEventBytes = 1024 * 1024;

    // PocketBase closes a connection on which nothing happened for five minutes: one that is silent for longer has gone unnoticed.
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromMinutes(6);

    private readonly HttpResponseMessage _response;
    private readonly PocketBaseTransport _transport;
    private readonly PipeReader _events;

    internal RecordChanges(HttpResponseMessage response, PocketBaseTransport transport)
    {
        _response = response;
        _transport = transport;
        _events = PipeReader.Create(response.Content.ReadAsStream());
    }

    /// <summary>Under which id PocketBase knows this connection: what it says first.</summary>
    /// <exception cref="PocketBaseProblem">It says something else, or nothing in the time that it has for an answer.</exception>
    internal async Task<string> ConnectAsync(CancellationToken cancellation) =>
        await _transport.WithinLimitAsync(EventAsync, cancellation) is ("PB_CONNECT", var data)
        && Parse(data) is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("clientId", out var id) && id.GetString() is { Length: > 0 } client
            ? client
            : throw PocketBaseProblem.NotPocketBase();

    /// <summary>The next change; null when PocketBase closes the connection.</summary>
    /// <exception cref="PocketBaseProblem">It broke off, is silent for longer than PocketBase ever is, or says what PocketBase doesn't.</exception>
    public async Task<RecordChange?> NextAsync(CancellationToken cancellation)
    {
        while (await _transport.WithinLimitAsync(EventAsync, cancellation, s_longestSilence) is var (_, data))
        {
            if (Parse(data) is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("record", out var record) && body.TryGetProperty("action", out var action)
                && KindOf(action) is { } kind)
            {
                return new RecordChange(kind, new PocketBaseRecord(record));
            }
        }

        return null;
    }

    public void Dispose() => _response.Dispose();

    private async Task<(string Name, string Data)?> EventAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var read = await _events.ReadAsync(cancellation);
            if (Taken(read.Buffer) is var (text, end))
            {
                _events.AdvanceTo(end);
                return (ValuesIn(text, "event:"), ValuesIn(text, "data:"));
            }

            if (read.IsCompleted)
            {
                return null;
            }

            if (read.Buffer.Length > MaxEventBytes)
            {
                throw PocketBaseProblem.TooLarge(null);
            }

            _events.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    // An event ends with an empty line.
    private static (string Text, SequencePosition End)? Taken(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        return reader.TryReadTo(out ReadOnlySequence<byte> text, "\n\n"u8) ? (Encoding.UTF8.GetString(text), reader.Position) : null;
    }

    private static string ValuesIn(string text, string field) =>
        string.Join('\n', text.Split('\n').Where(line => line.StartsWith(field, StringComparison.Ordinal)).Select(line => line[field.Length..]));

    private static ChangeKind? KindOf(JsonElement action) => action.ValueKind != JsonValueKind.String ? null : action.GetString() switch
    {
        "create" => ChangeKind.Created,
        "update" => ChangeKind.Updated,
        "delete" => ChangeKind.Deleted,
        _ => null,
    };

    private static JsonElement Parse(string data) => PocketBaseTransport.Parse(Encoding.UTF8.GetBytes(data));
}
