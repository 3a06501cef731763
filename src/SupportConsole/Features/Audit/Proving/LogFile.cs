using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// Verifies a file that was taken out of the house, an export or the proof of one event, with nothing but the file and the log's public
/// keys (docs/audit-log-format.md).
/// </summary>
/// <param name="keys">The keys that count.</param>
/// <param name="witnesses">The keys of those whose cosignatures are judged, where any stand beside the checkpoint.</param>
internal sealed class LogFile(IReadOnlyCollection<NoteKey> keys, params IReadOnlyCollection<NoteKey> witnesses)
{
    /// <summary>What one line of an export, or a proof, may have in bytes: more than an event has.</summary>
    private const int LongestLine = 1024 * 1024;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // A name that comes twice would be read as its last one by some and as its first by others.
    private static readonly JsonDocumentOptions s_json = new() { AllowDuplicateProperties = false };

    /// <summary>Verifies a file of either kind.</summary>
    /// <returns>Whether it holds, and what to say of it: what it proves, or what is wrong and in which line.</returns>
    /// <exception cref="IOException">It can't be read.</exception>
    public async Task<(bool Holds, string Says)> VerifyAsync(Stream file, CancellationToken cancellationToken)
    {
        var number = 0;
        try
        {
            var lines = LinesIn(file, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (lines)
            {
                return await lines.MoveNextAsync() && lines.Current is ['{', ..]
                    ? (true, await ExportAsync(lines, line => number = line))
                    : (true, Proof(await RestAsync(lines)));
            }
        }
        catch (LogFileException fault)
        {
            return (false, number > 0 ? string.Create(CultureInfo.InvariantCulture, $"Line {number}: {fault.Message}") : fault.Message);
        }
        catch (DecoderFallbackException)
        {
            return (false, "The file isn't UTF-8.");
        }
    }

    private string Proof(string text)
    {
        if (!LogProof.TryRead(text, out var proof))
        {
            throw new LogFileException("The file is neither an export nor the proof of an event.");
        }

        var checkpoint = Signed(proof.Checkpoint);
        var kept = Event(proof.Extra.AsSpan());
        RequireIncluded(proof.Extra.AsSpan(), proof.Index, proof.Hashes.AsSpan(), kept.Sequence, checkpoint);
        return string.Create(
            CultureInfo.InvariantCulture, $"Event {kept.Sequence} ({kept.Event.Type}, {kept.Event.At:yyyy-MM-dd HH:mm:ss} UTC) is in the log {checkpoint.Origin} of {checkpoint.Size} events.{Cosigned(proof.Checkpoint)}");
    }

    private async Task<string> ExportAsync(IAsyncEnumerator<string> lines, Action<int> at)
    {
        at(1);
        var (note, checkpoint, saysItsEnd) = Head(lines.Current);
        var (events, last, hasEnded) = (0L, -1L, false);
        for (var number = 2; await lines.MoveNextAsync(); number++)
        {
            at(number);
            using var json = Json(lines.Current);
            var line = json.RootElement;
            if (hasEnded)
            {
                throw new LogFileException("Something stands behind the last line.");
            }

            hasEnded = saysItsEnd && IsEnd(line, events);
            if (!hasEnded)
            {
                last = Event(line, last, checkpoint, saysItsEnd);
                events++;
            }
        }

        if (saysItsEnd && !hasEnded)
        {
            throw new LogFileException($"The export is cut off after {events} events: its last line, which says how many there are, is missing.");
        }

        return string.Create(CultureInfo.InvariantCulture, $"All {events} events are in the log {checkpoint.Origin} of {checkpoint.Size} events, with the words that were written.{Cosigned(note)}");
    }

    /// <summary>The lines of a file, each of which ends with a newline and nothing else; one that was cut off is a fault.</summary>
    private static async IAsyncEnumerable<string> LinesIn(Stream file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(file, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var left = read.Buffer;
                while (left.PositionOf((byte)'\n') is { } end)
                {
                    yield return s_strict.GetString(left.Slice(0, end));
                    left = left.Slice(left.GetPosition(1, end));
                }

                if (left.Length > LongestLine)
                {
                    throw new LogFileException("A line is longer than any event.");
                }

                if (read.IsCompleted)
                {
                    if (!left.IsEmpty)
                    {
                        throw new LogFileException("The file is cut off in the middle of a line.");
                    }

                    yield break;
                }

                reader.AdvanceTo(left.Start, left.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <summary>All of a file whose first line has been read.</summary>
    private static async Task<string> RestAsync(IAsyncEnumerator<string> lines)
    {
        var text = new StringBuilder();
        do
        {
            text.Append(lines.Current).Append('\n');
        }
        while (text.Length <= LongestLine && await lines.MoveNextAsync());
        return text.ToString();
    }

    /// <summary>The first line: what was signed, and whether a last line has to say how many events there are.</summary>
    private (SignedNote Note, Checkpoint Checkpoint, bool SaysItsEnd) Head(string line)
    {
        using var json = Json(line);
        var root = json.RootElement;
        return Members(root, "format", "checkpoint") && Text(root, "format") is ExportLines.Format or ExportLines.FormatWithoutEnd && SignedNote.TryRead(Text(root, "checkpoint"), out var note)
            ? (note, Signed(note), Text(root, "format") == ExportLines.Format)
            : throw new LogFileException($"This isn't the beginning of an export of the form {ExportLines.Format}.");
    }

    private static bool IsEnd(JsonElement line, long events)
    {
        if (!line.TryGetProperty("events", out var told))
        {
            return false;
        }

        return Members(line, "events") && IsNumber(told, out var count) && count == events
            ? true
            : throw new LogFileException($"The last line doesn't say that there are {events} events.");
    }

    private static long Event(JsonElement root, long before, Checkpoint checkpoint, bool mayBeDamaged)
    {
        if (mayBeDamaged && Members(root, "index", "damaged") && Text(root, "damaged") is not null && root.TryGetProperty("index", out var at) && IsNumber(at, out var damaged))
        {
            throw new LogFileException($"Event {damaged + 1} was damaged in the log when it was exported: the bytes are given as they were found, and nothing proves them.");
        }

        if (!Members(root, "index", "event", "personal", "proof")
            || Text(root, "event") is not { } text
            || !root.TryGetProperty("index", out var place) || !IsNumber(place, out var index)
            || !root.TryGetProperty("proof", out var proof) || proof.ValueKind != JsonValueKind.Array || proof.GetArrayLength() > MerkleProof.MaxLength)
        {
            throw new LogFileException("This isn't an event as an export has it.");
        }

        if (index <= before)
        {
            throw new LogFileException($"Event {index + 1} comes after event {before + 1}.");
        }

        var hashes = new List<TreeHash>();
        foreach (var each in proof.EnumerateArray())
        {
            hashes.Add(each.ValueKind == JsonValueKind.String && TreeHash.TryParse(each.GetString(), out var hash) ? hash : throw new LogFileException("The proof holds something that is no hash."));
        }

        var body = s_strict.GetBytes(text);
        var kept = Event(body);
        RequireIncluded(body, index, hashes.ToArray(), kept.Sequence, checkpoint);
        if (!kept.IsBoundTo(Personal(root)))
        {
            throw new LogFileException($"The names and free text of event {kept.Sequence} aren't those that were written with it.");
        }

        return index;
    }

    private static PersonalText? Personal(JsonElement line)
    {
        try
        {
            return line.TryGetProperty("personal", out var personal) ? PersonalText.Decode(s_strict.GetBytes(personal.GetRawText())) : null;
        }
        catch (FormatException)
        {
            throw new LogFileException("The names and free text beside the event can't be read.");
        }
    }

    private static KeptEvent Event(ReadOnlySpan<byte> body)
    {
        try
        {
            return CanonicalForm.Decode(body);
        }
        catch (FormatException)
        {
            throw new LogFileException("The event can't be read.");
        }
    }

    private static void RequireIncluded(ReadOnlySpan<byte> body, long index, ReadOnlySpan<TreeHash> proof, long sequence, Checkpoint checkpoint)
    {
        if (sequence != index + 1)
        {
            throw new LogFileException($"In the place of event {index + 1} stands event {sequence}.");
        }

        if (!MerkleProof.IncludesLeaf(TreeHash.Leaf(body), index, checkpoint.Size, proof, checkpoint.Root))
        {
            throw new LogFileException($"Event {sequence} isn't what was signed: its proof doesn't lead to the checkpoint's root.");
        }
    }

    private Checkpoint Signed(SignedNote note) =>
        !NoteSigner.IsSigned(note, keys) ? throw new LogFileException("The checkpoint isn't signed by a key that was named, or its signature doesn't hold.")
        : Checkpoint.TryRead(note.Text, out var checkpoint) ? checkpoint
        : throw new LogFileException("The signed note is no checkpoint.");

    /// <summary>How many of the named witnesses cosigned, as a further sentence; nothing where none was named.</summary>
    private string Cosigned(SignedNote note)
    {
        var verdicts = witnesses.Select(witness => (Witness: witness, IsGood: NoteSigner.IsCosigned(note, witness))).ToList();
        return verdicts.Find(verdict => verdict.IsGood == false) is { Witness: { } liar } ? throw new LogFileException($"The cosignature of the witness {liar.Name} doesn't hold.")
            : verdicts.Count == 0 ? ""
            : string.Create(CultureInfo.InvariantCulture, $" {verdicts.Count(verdict => verdict.IsGood == true)} of {verdicts.Count} named witnesses cosigned it.");
    }

    private static JsonDocument Json(string line)
    {
        try
        {
            return line is ['{', .., '}'] ? JsonDocument.Parse(line, s_json) : throw new LogFileException("This line is no JSON object.");
        }
        catch (JsonException)
        {
            throw new LogFileException("This line is no JSON.");
        }
    }

    /// <summary>Whether it is written as a plain whole number.</summary>
    private static bool IsNumber(JsonElement json, out long number)
    {
        number = 0;
        return json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out number) && json.GetRawText() == number.ToString(CultureInfo.InvariantCulture);
    }

    private static bool Members(JsonElement json, params ReadOnlySpan<string> allowed)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var member in json.EnumerateObject())
        {
            if (!allowed.Contains(member.Name))
            {
                return false;
            }
        }

        return true;
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
