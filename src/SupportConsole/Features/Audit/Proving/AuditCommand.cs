using System.CommandLine;
using System.IO.Pipelines;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit.Exporting;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// <c>audit verify|export|prove|verify-file|keys|replace-key</c>, for schedulers and auditors on the server's own machine. What is said
/// goes to the standard output, progress and faults to the standard error; the exit code is one of <see cref="CommandExit"/>.
/// </summary>
internal sealed class AuditCommand(TrailVerifier verifier, Verification verification, LogExport export, ExportDesk exports, CheckpointDesk checkpoints, SigningKeys keys, ConsoleDb db, AuditTrail trail, TimeProvider clock)
{
    private static string Account => $"command line, account {Environment.UserName}";

    /// <summary>The command with its subcommands.</summary>
    /// <param name="run">Composes the console and runs, without anybody signed in.</param>
    /// <param name="runAs">The same, signed in as the person whose id is given.</param>
    public static Command Describe(
        Func<Func<AuditCommand, CancellationToken, Task<int>>, CancellationToken, Task<int>> run,
        Func<string, Func<AuditCommand, CurrentStaff, CancellationToken, Task<int>>, CancellationToken, Task<int>> runAs)
    {
        var command = new Command("audit", "The audit log: verify it, take it out, look after its keys.");

        var trusted = new Option<string[]>("--key") { Description = "A public key of the log, as name+id+base64, kept from earlier. Without one, those that the console itself knows count.", AllowMultipleArgumentsPerToken = true };
        var verify = new Command("verify", "Verifies the whole log against the checkpoints in the folder. Exit code 0: in order; 6: not.") { trusted };
        verify.SetAction((parsed, cancellation) => Keys(parsed.GetValue(trusted)) is { } named
            ? run((audit, token) => audit.VerifyAsync(named.Count == 0 ? null : named, token), cancellation)
            : NoKeyAsync());

        var file = new Argument<string>("file") { Description = "An export, or the proof of one event." };
        var needed = new Option<string[]>("--key") { Description = "The log's public key, as name+id+base64; more than one where it was replaced.", Required = true, AllowMultipleArgumentsPerToken = true };
        var witnesses = new Option<string[]>("--witness") { Description = "A witness's verifier key of cosignatures, as name+id+base64, as Audit:Witnesses has it. Says how many of those that are named cosigned the checkpoint; a cosignature of theirs that doesn't hold is a fault.", AllowMultipleArgumentsPerToken = true };
        var verifyFile = new Command("verify-file", "Verifies a file that was taken out of the log, with nothing but its public key: no settings, no database, no network.") { file, needed, witnesses };
        verifyFile.SetAction((parsed, cancellation) => Keys(parsed.GetRequiredValue(needed)) is not { Count: > 0 } named ? NoKeyAsync()
            : Keys(parsed.GetValue(witnesses), NoteKey.Cosignature) is { } cosigning ? VerifyFileAsync(parsed.GetRequiredValue(file), new LogFile(named, [.. cosigning.Distinct()]), cancellation)
            : NoWitnessAsync());

        var actor = new Option<string>("--as") { Description = "Who acts: a staff id, as the page of staff and the audit trail write it. They must be allowed to read the trail.", Required = true };
        var to = new Option<string>("--out") { Description = "A new file.", Required = true };
        var first = new Option<long>("--from") { Description = "The first event's number.", DefaultValueFactory = _ => 1 };
        var last = new Option<long>("--to") { Description = "The last event's number. Default: the newest.", DefaultValueFactory = _ => long.MaxValue };
        var format = new Option<string>("--format") { Description = "jsonl, with proofs that anybody can verify; csv; or ocsf.", DefaultValueFactory = _ => ExportFormat.JsonLines.Name };
        format.AcceptOnlyFromAmong([.. ExportFormat.All.Select(each => each.Name)]);
        var filter = new Option<string>("--filter") { Description = "Which events, as the audit page's address says it behind its question mark, such as 'event=role.*&from=2026-12-01'. Default: all.", DefaultValueFactory = _ => "" };
        var exported = new Command("export", "Writes events into a file: with their proofs, so that anybody can verify it, as a table, or for systems that gather events.") { actor, to, first, last, format, filter };
        exported.SetAction((parsed, cancellation) => runAs(
            parsed.GetRequiredValue(actor),
            (audit, who, token) => audit.ExportAsync(who, parsed.GetRequiredValue(to), $"format={parsed.GetValue(format)}&{parsed.GetValue(filter)}", parsed.GetValue(first), parsed.GetValue(last), token), cancellation));

        var sequence = new Argument<long>("event") { Description = "The event's number." };
        var prove = new Command("prove", "Writes the proof of one event, a tlog-proof, into a file.") { sequence, actor, to };
        prove.SetAction((parsed, cancellation) => runAs(
            parsed.GetRequiredValue(actor),
            (audit, who, token) => audit.ProveAsync(who, parsed.GetRequiredValue(sequence), parsed.GetRequiredValue(to), token), cancellation));

        var publicKeys = new Command("keys", "Says the log's public keys, for whoever is to verify it.");
        publicKeys.SetAction((_, cancellation) => run((audit, _) => audit.KeysAsync(), cancellation));

        var isLost = new Option<bool>("--lost") { Description = "The old key is lost: the new one signs alone at once." };
        var isDone = new Option<bool>("--finish") { Description = "Everybody has the new key: the old one signs no more." };
        var replace = new Command("replace-key", "Makes a new signing key. Both sign until --finish, so that those who only have the old one can follow.") { isLost, isDone };
        replace.Validators.Add(found =>
        {
            if (found.GetValue(isLost) && found.GetValue(isDone))
            {
                found.AddError("Either --lost or --finish.");
            }
        });
        replace.SetAction((parsed, cancellation) => run((audit, _) => audit.ReplaceKeyAsync(parsed.GetValue(isLost), parsed.GetValue(isDone)), cancellation));

        foreach (var each in (Command[])[verify, verifyFile, exported, prove, publicKeys, replace])
        {
            command.Subcommands.Add(each);
        }

        return command;
    }

    private async Task<int> VerifyAsync(IReadOnlyCollection<NoteKey>? trusted, CancellationToken cancellationToken)
    {
        var said = -1L;
        var progress = new Heard(part =>
        {
            var percent = part.Of == 0 ? 100 : part.Done * 100 / part.Of;
            if (percent / 10 != said / 10)
            {
                said = percent;
                Console.Error.WriteLine($"{percent} % of {part.Of} events");
            }
        });
        var verdict = await verifier.VerifyAsync(trusted, progress, cancellationToken);
        verdict = await verification.KeepAsync(verdict, new AuditEvent(AuditEventTypes.AuditVerified, clock.GetUtcNow(), AuditActor.System) { ClientAddress = Account });
        foreach (var fault in verdict.Faults)
        {
            await Console.Error.WriteLineAsync($"{fault.Kind}: {VisibleText.ForTerminal(fault.Text)}");
        }

        await Console.Out.WriteLineAsync(VisibleText.ForTerminal(VerdictWords.Of(verdict)));
        return (int)(verdict.IsGood ? CommandExit.Done : CommandExit.NotInOrder);
    }

    private static async Task<int> VerifyFileAsync(string path, LogFile judge, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            var (holds, says) = await judge.VerifyAsync(file, cancellationToken);
            await (holds ? Console.Out : Console.Error).WriteLineAsync(VisibleText.ForTerminal(says));
            return (int)(holds ? CommandExit.Done : CommandExit.NotInOrder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The file {path} can't be read: {fault.Message}");
            return (int)CommandExit.Unavailable;
        }
    }

    private async Task<int> ExportAsync(CurrentStaff who, string path, string query, long first, long last, CancellationToken cancellationToken)
    {
        var size = await db.ReadAsync(TreeTable.SizeOn, cancellationToken);
        try
        {
            var wish = ExportWish.Read(query) with { After = Math.Max(first, 1) - 1, Until = last < size ? last : null };
            return await IntoAsync(path, async to =>
            {
                var export = await exports.BeginAsync(who, wish, cancellationToken);
                var events = await export.WriteAsync(PipeWriter.Create(to, new StreamPipeWriterOptions(leaveOpen: true)), cancellationToken);
                return $"{events} events{(wish.Format == ExportFormat.JsonLines ? " with their proofs" : "")} are in {path}.";
            });
        }
        catch (ExportRefusedException refusal)
        {
            await Console.Error.WriteLineAsync(VisibleText.ForTerminal(refusal.Message));
            return (int)CommandExit.Usage;
        }
    }

    private async Task<int> ProveAsync(CurrentStaff who, long sequence, string path, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ReadAudit, cancellationToken);
        if (sequence < 1 || sequence > await db.ReadAsync(TreeTable.SizeOn, cancellationToken))
        {
            await Console.Error.WriteLineAsync($"There is no event {sequence}.");
            return (int)CommandExit.Usage;
        }

        return await IntoAsync(path, async to =>
        {
            await trail.AppendAsync(staff.Begin(AuditEventTypes.AuditExported, clock.GetUtcNow()) with { Detail = $"the proof of event {sequence}" });
            await using var writer = new StreamWriter(to, leaveOpen: true);
            await writer.WriteAsync((await export.ProveAsync(sequence, cancellationToken))!.ToString());
            return $"The proof of event {sequence} is in {path}.";
        });
    }

    private async Task<int> KeysAsync()
    {
        await checkpoints.MakeAsync();
        foreach (var (key, signs) in db.Read(CheckpointTable.Keys, CancellationToken.None))
        {
            await Console.Out.WriteLineAsync(signs ? key.ToString() : $"{key} (signs no more)");
        }

        return (int)CommandExit.Done;
    }

    private async Task<int> ReplaceKeyAsync(bool isLost, bool isDone)
    {
        var newest = checkpoints.Newest();
        if (newest is null)
        {
            await Console.Error.WriteLineAsync("Nothing was signed yet, so there is no key to replace.");
            return (int)CommandExit.Refused;
        }

        if (!isLost)
        {
            await checkpoints.MakeAsync(); // Signed with what is there: a lost key shows before anything is changed.
        }

        if (isDone)
        {
            keys.KeepNewest();
        }
        else
        {
            var origin = db.Read(CheckpointTable.NameOn, CancellationToken.None)!;
            if (isLost)
            {
                keys.MakeAnew(origin);
                await checkpoints.GiveUpKeysAsync();
            }
            else
            {
                keys.Add(origin);
            }
        }

        var detail = isLost ? "the key was lost, a new one signs in its place" : isDone ? "the old key signs no more" : "a new key signs beside the old one";
        await trail.AppendAsync(new AuditEvent(AuditEventTypes.AuditKeyChanged, clock.GetUtcNow(), AuditActor.System) { ClientAddress = Account, Detail = detail });
        return await KeysAsync();
    }

    /// <summary>Makes a new file for what follows; what isn't whole doesn't stay.</summary>
    private static async Task<int> IntoAsync(string path, Func<Stream, Task<string>> write)
    {
        FileStream file;
        try
        {
            file = PrivateFile.CreateNew(Path.GetFullPath(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The file {path} can't be made: {fault.Message} Nothing was taken out.");
            return (int)CommandExit.Usage;
        }

        var isWhole = false;
        try
        {
            string says;
            await using (file)
            {
                says = await write(file);
            }

            isWhole = true;
            await Console.Out.WriteLineAsync(says);
            return (int)CommandExit.Done;
        }
        catch (IOException fault)
        {
            await Console.Error.WriteLineAsync($"The file {path} can't be written: {fault.Message} What was written of it is removed.");
            return (int)CommandExit.Unavailable;
        }
        finally
        {
            if (!isWhole)
            {
                File.Delete(file.Name);
            }
        }
    }

    private static List<NoteKey>? Keys(string[]? texts, byte algorithm = NoteKey.Ed25519)
    {
        List<NoteKey> keys = [];
        foreach (var text in texts ?? [])
        {
            if (!NoteKey.TryParse(text, out var key) || key.Algorithm != algorithm)
            {
                return null;
            }

            keys.Add(key);
        }

        return keys;
    }

    private static async Task<int> NoKeyAsync()
    {
        await Console.Error.WriteLineAsync("A --key is no public key of a log: write it as audit keys says it, name+id+base64.");
        return (int)CommandExit.Usage;
    }

    private static async Task<int> NoWitnessAsync()
    {
        await Console.Error.WriteLineAsync("A --witness is no verifier key of a witness: take the text name+id+base64 that it gives out for its cosignatures.");
        return (int)CommandExit.Usage;
    }

    /// <summary>Progress on the thread that makes it.</summary>
    private sealed class Heard(Action<(long Done, long Of)> hear) : IProgress<(long Done, long Of)>
    {
        public void Report((long Done, long Of) value) => hear(value);
    }
}
