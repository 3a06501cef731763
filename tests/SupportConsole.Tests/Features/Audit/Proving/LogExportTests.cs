#pragma warning disable RS0030 // A seed that is said, so that the same things are made up each time.
using System.IO.Pipelines;
using System.Text;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Exporting;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Proving;

/// <summary>What is taken out of the house holds for the console's own verifier and for a stranger's, and for neither once it was touched.</summary>
public sealed class LogExportTests : IAsyncLifetime
{
    private const int Events = 700;

    private readonly ProvenLog _log = new();
    private readonly Random _dice = new(20301);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LogExport Export => new(_log.Db, _log.Checkpoints);

    public async ValueTask InitializeAsync()
    {
        foreach (var each in Enumerable.Range(0, 10))
        {
            await _log.Trail.AppendAsync([.. Enumerable.Range(0, Events / 10).Select(_ => Odd())]);
        }

        await _log.Checkpoints.MakeAsync();
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task A_thousand_exports_whole_and_touched_are_judged_alike_by_a_stranger()
    {
        var key = (await _log.Folder.ReadKeysAsync())!.Single();
        var folder = Directory.CreateTempSubdirectory("exports-").FullName;
        try
        {
            List<(string File, bool IsWhole, bool Ours, string What)> made = [];
            for (var number = 0; number < 1000; number++)
            {
                var first = _dice.Next(1, Events + 1);
                using var written = new MemoryStream();
                await WriteAsync(written, first, first + _dice.Next(12));
                var (bytes, what) = number % 2 == 0 ? (written.ToArray(), "whole") : Touched(written.ToArray());
                var file = Path.Combine(folder, $"{number}.jsonl");
                await File.WriteAllBytesAsync(file, bytes, Token);
                var (holds, says) = await new LogFile([key]).VerifyAsync(new MemoryStream(bytes), Token);
                made.Add((file, what == "whole", holds, $"{number} {what}: {says}"));
            }

            var theirs = await Stranger.VerifyAsync(made.Select(each => ("export", each.File)), [key.ToString()]);

            Assert.Equal(made.Count, theirs.Count);
            Assert.All(made.Zip(theirs), pair =>
            {
                var (ours, their) = pair;
                Assert.True(ours.Ours == their.StartsWith("good", StringComparison.Ordinal), $"{ours.What} | {their}");
                Assert.True(!ours.IsWhole || ours.Ours, ours.What);
            });
            Assert.InRange(made.Count(each => !each.Ours), 450, 500);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_proof_of_each_event_is_accepted_by_a_stranger_and_for_no_other_event()
    {
        var key = (await _log.Folder.ReadKeysAsync())!.Single();
        var folder = Directory.CreateTempSubdirectory("proofs-").FullName;
        try
        {
            List<(string Kind, string File)> files = [];
            foreach (var sequence in (long[])[1, 2, 255, 256, 257, 512, 513, 699, 700])
            {
                var proof = (await Export.ProveAsync(sequence, Token))!;
                Assert.Equal(sequence - 1, proof.Index);
                files.Add(("proof", Path.Combine(folder, $"{sequence}.tlog-proof")));
                await File.WriteAllTextAsync(files[^1].File, proof.ToString(), Token);
                Assert.True((await new LogFile([key]).VerifyAsync(new MemoryStream(Encoding.UTF8.GetBytes(proof.ToString())), Token)).Holds);

                var moved = (proof with { }).ToString().Replace($"\nindex {sequence - 1}\n", $"\nindex {sequence}\n", StringComparison.Ordinal);
                files.Add(("proof", Path.Combine(folder, $"{sequence}-moved.tlog-proof")));
                await File.WriteAllTextAsync(files[^1].File, moved, Token);
                Assert.False((await new LogFile([key]).VerifyAsync(new MemoryStream(Encoding.UTF8.GetBytes(moved)), Token)).Holds);
            }

            var theirs = await Stranger.VerifyAsync(files, [key.ToString()]);

            Assert.All(theirs.Chunk(2), pair => Assert.True(pair[0].StartsWith("good", StringComparison.Ordinal) && pair[1].StartsWith("bad", StringComparison.Ordinal), string.Join(" | ", pair)));
            Assert.Equal(9, theirs.Count / 2);
            Assert.Null(await Export.ProveAsync(Events + 1, Token));
            Assert.Null(await Export.ProveAsync(0, Token));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task An_event_newer_than_the_newest_checkpoint_gets_one_that_is_over_it()
    {
        await _log.AppendAsync(1);

        var proof = await Export.ProveAsync(Events + 1, Token);

        Assert.True(Checkpoint.TryRead(proof!.Checkpoint.Text, out var checkpoint));
        Assert.Equal(Events + 1, checkpoint.Size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("{}")]
    [InlineData("{\"format\":\"support-console-audit/1\"}\n")]
    [InlineData("{\"format\":\"support-console-audit/2\"}\n")]
    [InlineData("[[[[[[[[")]
    [InlineData("c2sp.org/tlog-proof@v1\n")]
    [InlineData("\ufeff{\"format\":\"support-console-audit/1\"}")]
    public async Task A_file_that_is_neither_holds_not(string text)
    {
        var (holds, says) = await new LogFile([(await _log.Folder.ReadKeysAsync())!.Single()]).VerifyAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), Token);

        Assert.False(holds);
        Assert.EndsWith(".", says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_cut_off_anywhere_is_named_as_that()
    {
        using var written = new MemoryStream();
        await WriteAsync(written, 1, 5);
        var (lines, key) = (Encoding.UTF8.GetString(written.ToArray()).Split('\n')[..^1], (await _log.Folder.ReadKeysAsync())!.Single());
        Assert.Equal((7, "{\"events\":5}"), (lines.Length, lines[^1]));

        for (var kept = 1; kept < lines.Length; kept++)
        {
            var (holds, says) = await new LogFile([key]).VerifyAsync(new MemoryStream(Joined(lines[..kept])), Token);
            Assert.Equal((false, $"Line {kept}: The export is cut off after {kept - 1} events: its last line, which says how many there are, is missing."), (holds, says));
        }

        string[] before = [lines[0].Replace("audit/2", "audit/1", StringComparison.Ordinal), .. lines[1..^1]];
        Assert.True((await new LogFile([key]).VerifyAsync(new MemoryStream(Joined(before)), Token)).Holds); // As they were written before.
        Assert.False((await new LogFile([key]).VerifyAsync(new MemoryStream(Joined([.. lines[..3], .. lines[4..]])), Token)).Holds);
        Assert.False((await new LogFile([key]).VerifyAsync(new MemoryStream(Joined([.. lines, lines[^1]])), Token)).Holds);
    }

    [Fact]
    public async Task A_damaged_event_goes_out_as_that_and_the_file_does_not_hold()
    {
        _log.Tamper("UPDATE audit_event SET body = CAST(replace(CAST(body AS TEXT), 'success', 'Success') AS BLOB) WHERE seq = 3; UPDATE audit_event SET outcome = 0, personal = x'7b7d' WHERE seq = 4; UPDATE audit_event SET body = x'ff00' WHERE seq = 5");
        using var written = new MemoryStream();
        await WriteAsync(written, 1, 6);

        var lines = Encoding.UTF8.GetString(written.ToArray()).Split('\n');

        Assert.StartsWith("{\"index\":3,\"damaged\":\"", lines[4], StringComparison.Ordinal);
        Assert.Equal("{\"index\":4,\"damaged\":\"/wA=\"}", lines[5]);
        Assert.StartsWith("{\"index\":5,\"event\":", lines[6], StringComparison.Ordinal);
        var (holds, says) = await new LogFile([(await _log.Folder.ReadKeysAsync())!.Single()]).VerifyAsync(new MemoryStream(written.ToArray()), Token);
        Assert.False(holds);
        Assert.Matches("^Line [45]: Event [34] was damaged in the log when it was exported", says);
        var file = Path.Combine(_log.Folder.Path, "damaged.jsonl");
        await File.WriteAllBytesAsync(file, written.ToArray(), Token);
        Assert.Matches("^bad: line [45]: the log gave the event out as damaged", (await Stranger.VerifyAsync([("export", file)], [(await _log.Folder.ReadKeysAsync())!.Single().ToString()]))[0]);
    }

    private Task<long> WriteAsync(Stream to, long first, long last)
    {
        var checkpoint = _log.Checkpoints.Newest()!;
        return new TrailExport(_log.Db, _ => Task.CompletedTask, ExportFormat.JsonLines, AuditQuery.All, checkpoint) { After = first - 1, Until = Math.Min(last, checkpoint.Size) }
            .WriteAsync(PipeWriter.Create(to, new StreamPipeWriterOptions(leaveOpen: true)), Token);
    }

    /// <summary>The same file with something of it changed, as text where its lines are and as bytes elsewhere.</summary>
    private (byte[] Bytes, string What) Touched(byte[] whole)
    {
        var lines = Encoding.UTF8.GetString(whole).Split('\n')[..^1];
        var at = _dice.Next(lines.Length);
        switch (_dice.Next(11))
        {
            case 0:
                var bytes = (byte[])whole.Clone();
                var place = _dice.Next(bytes.Length - 1);
                bytes[place] ^= (byte)(1 << _dice.Next(8));
                return (bytes, $"bit of byte {place}");
            case 1 when lines.Length > 2:
                (lines[1], lines[^1]) = (lines[^1], lines[1]);
                return (Joined(lines), "order");
            case 2 when lines.Length > 1:
                return (Joined([.. lines, lines[^1]]), "the last line twice");
            case 3:
                lines[0] = lines[0].Replace("\\n\\n", "\\n", StringComparison.Ordinal);
                return (Joined(lines), "the note without its empty line");
            case 4 when at > 0:
                lines[at] = lines[at].Replace("\"proof\":[", "\"proof\":[\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"" + (lines[at].Contains("[]", StringComparison.Ordinal) ? "" : ","), StringComparison.Ordinal);
                return (Joined(lines), $"a hash more in line {at + 1}");
            case 5 when at > 0:
                lines[at] = lines[at].Replace("\"personal\":", "\"personel\":", StringComparison.Ordinal);
                return (Joined(lines), $"another member in line {at + 1}");
            case 6:
                return (Joined(lines[1..]), "no first line");
            case 7:
                return (Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{line}\r\n"))), "lines as Windows ends them");
            case 8:
                return (whole[..^1], "no newline at the end");
            case 9:
                return (Joined(lines[..(at + 1 == lines.Length ? at : at + 1)]), $"cut off after line {at + 1}");
            default:
                return (Joined([.. lines[..at], lines[at][..(lines[at].Length / 2)], .. lines[(at + 1)..]]), $"half of line {at + 1}");
        }
    }

    private static byte[] Joined(string[] lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{line}\n")));

    private AuditEvent Odd()
    {
        var text = string.Concat(Enumerable.Range(0, _dice.Next(1, 40)).Select(_ => _dice.Next(6) switch
        {
            0 => "\"\\\u0001\r\n\u001b[31m",
            1 => "\u202e\u2066",
            2 => "😀",
            3 => "},\"by\":{",
            _ => $"{(char)_dice.Next(0x20, 0xd7ff)}",
        }));
        var type = AuditEventTypes.All[_dice.Next(AuditEventTypes.All.Count)];
        return new AuditEvent(type == AuditEventTypes.AuditErased ? AuditEventTypes.AuditViewed : type, _log.Clock.GetUtcNow().AddSeconds(_dice.Next(1000)), new AuditActor(new StaffId($"demo/{_dice.Next(9)}"), text, []))
        {
            Outcome = (AuditOutcome)_dice.Next(3), Reason = _dice.Next(2) == 0 ? null : text, Detail = _dice.Next(3) == 0 ? null : text[..1], Ticket = _dice.Next(3) == 0 ? text : null,
            Subject = _dice.Next(3) == 0 ? null : new AuditSubject("users", $"u{_dice.Next(99)}", text), SessionId = _dice.Next(2) == 0 ? null : $"s{_dice.Next(5)}",
            Target = _dice.Next(2) == 0 ? null : new AuditTarget("posts") { RecordIds = [text, "b"], Count = 2 },
        };
    }
}
