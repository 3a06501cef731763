using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Proving;

/// <summary>Checkpoints cosigned by witnesses of another make, and what becomes of it when one of them isn't there, or has seen another log.</summary>
public sealed class WitnessesTests : IAsyncLifetime
{
    private readonly ProvenLog _log = new(TimeProvider.System.GetUtcNow());
    private StrangerWitness _first = null!, _second = null!;
    private Relay _odd = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Latest => File.ReadAllText(Path.Combine(_log.Folder.Path, "latest.checkpoint"));

    public async ValueTask InitializeAsync()
    {
        await _log.AppendAsync(300);
        await _log.Checkpoints.MakeAsync();
        var key = (await _log.Folder.ReadKeysAsync())!.Single();
        _first = await StrangerWitness.StartAsync("first.example/w", key);
        _second = await StrangerWitness.StartAsync("second.example/w", key);
        _odd = await Relay.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _odd.DisposeAsync();
        await _log.DisposeAsync();
    }

    [Fact]
    public async Task Both_cosign_and_whoever_gets_a_proof_gets_that_with_it()
    {
        var published = await File.ReadAllTextAsync(_log.CheckpointFiles().Single(), Token);
        await UseAsync(_first.Options, _second.Options);

        await _log.CosignAsync();

        Assert.All(await StatesAsync(), state => Assert.Equal((300, null, null), (state.Size, state.Alarm, state.Fault)));
        Assert.All([_first, _second], witness => Assert.NotNull(NoteSigner.CosignedAt(NoteIn(Latest), witness.Key)));
        Assert.Equal(Latest, _log.Checkpoints.Newest()!.Text);
        Assert.Equal(published, await File.ReadAllTextAsync(_log.CheckpointFiles().Single(), Token));

        var proof = Path.Combine(_log.Folder.Path, "of-event-5.tlog-proof");
        await File.WriteAllTextAsync(proof, (await new LogExport(_log.Db, _log.Checkpoints).ProveAsync(5, Token))!.ToString(), Token);
        var (code, says) = await StrangerWitness.VerifyAsync("proof", proof, (await _log.Folder.ReadKeysAsync())!.Single().ToString(), _first.Key.ToString(), _second.Key.ToString());
        Assert.True(code == 0, says);
        Assert.True((await _log.VerifyAsync()).IsGood);
    }

    [Fact]
    public async Task A_file_says_how_many_of_the_named_cosigned_it_and_a_bad_cosignature_of_theirs_is_a_fault()
    {
        var key = (await _log.Folder.ReadKeysAsync())!.Single();
        await UseAsync(_first.Options);
        await _log.CosignAsync();
        var export = new LogExport(_log.Db, _log.Checkpoints);
        var proof = (await export.ProveAsync(5, Token))!.ToString();

        Assert.EndsWith("of 300 events.", (await JudgeAsync(proof)).Says, StringComparison.Ordinal);
        Assert.EndsWith(" 1 of 1 named witnesses cosigned it.", (await JudgeAsync(proof, _first.Key)).Says, StringComparison.Ordinal);
        var (holds, says) = await JudgeAsync(proof, _first.Key, _second.Key);
        Assert.True(holds);
        Assert.EndsWith(" 1 of 2 named witnesses cosigned it.", says, StringComparison.Ordinal);

        var line = proof.Split('\n').Single(each => each.StartsWith("— first.example/w ", StringComparison.Ordinal));
        var bad = proof.Replace(line, line[..^8] + (line[^8] == 'A' ? 'B' : 'A') + line[^7..], StringComparison.Ordinal);
        Assert.Equal((false, "The cosignature of the witness first.example/w doesn't hold."), await JudgeAsync(bad, _first.Key, _second.Key));
        Assert.True((await JudgeAsync(bad, _second.Key)).Holds); // Nobody named that one.

        Task<(bool Holds, string Says)> JudgeAsync(string file, params NoteKey[] witnesses) =>
            new LogFile([key], witnesses).VerifyAsync(new MemoryStream(Encoding.UTF8.GetBytes(file)), Token);
    }

    [Fact]
    public async Task The_command_says_how_many_of_the_named_cosigned_a_file()
    {
        var key = (await _log.Folder.ReadKeysAsync())!.Single().ToString();
        await UseAsync(_first.Options);
        await _log.CosignAsync();
        await using var elsewhere = new SqliteFile();
        var file = Path.Combine(elsewhere.Folder, "5.tlog-proof");
        var proof = (await new LogExport(_log.Db, _log.Checkpoints).ProveAsync(5, Token))!.ToString();
        await File.WriteAllTextAsync(file, proof, Token);

        var (code, says, errors) = await VerifyAsync("--witness", _first.Key.ToString(), "--witness", _second.Key.ToString(), "--witness", _first.Key.ToString());
        Assert.True(code == 0, errors);
        Assert.EndsWith(" 1 of 2 named witnesses cosigned it.", says.TrimEnd(), StringComparison.Ordinal);

        var line = proof.Split('\n').Single(each => each.StartsWith("— first.example/w ", StringComparison.Ordinal));
        await File.WriteAllTextAsync(file, proof.Replace(line, line[..^8] + (line[^8] == 'A' ? 'B' : 'A') + line[^7..], StringComparison.Ordinal), Token);
        Assert.Equal((6, "", "The cosignature of the witness first.example/w doesn't hold."), await VerifyAsync("--witness", _first.Key.ToString()));
        Assert.Equal(0, (await VerifyAsync()).Code);

        foreach (var none in (string[])[key, "nobody", _first.Key.ToString()[..^3]])
        {
            (code, _, errors) = await VerifyAsync("--witness", none);
            Assert.Equal(2, code);
            Assert.StartsWith("A --witness is no verifier key of a witness", errors, StringComparison.Ordinal);
        }

        async Task<(int Code, string Output, string Errors)> VerifyAsync(params string[] witnesses)
        {
            using var verifying = ConsoleProcess.Start(elsewhere, new Uri("http://127.0.0.1:9"), "", ["audit", "verify-file", file, "--key", key, .. witnesses]);
            var (exit, output, failures) = await verifying.EndAsync(Token);
            return (exit, output.TrimEnd(), failures.TrimEnd());
        }
    }

    [Fact]
    public async Task They_follow_as_the_log_grows_and_say_so_again_while_it_doesnt()
    {
        await UseAsync(_first.Options, _second.Options);
        foreach (var more in new[] { 0, 1, 255, 700 })
        {
            await _log.AppendAsync(more);
            await _log.CosignAsync();
            var size = _log.Checkpoints.Newest()!.Size;
            Assert.All(await StatesAsync(), state => Assert.Equal((size, null, null), (state.Size, state.Alarm, state.Fault)));
            Assert.All([_first, _second], witness => Assert.NotNull(NoteSigner.CosignedAt(NoteIn(Latest), witness.Key)));
        }

        await _first.KillAsync();
        _log.Clock.Advance(TimeSpan.FromMinutes(9));
        await _log.Witnesses.AskAsync(1256);
        Assert.Null((await StatesAsync())[0].Fault);
        _log.Clock.Advance(TimeSpan.FromMinutes(1));
        await _log.Witnesses.AskAsync(1256);
        Assert.Contains("can't be reached", (await StatesAsync())[0].Fault, StringComparison.Ordinal);
        Assert.Equal(2, NoteIn(Latest).Signatures.Select(signature => signature.Name).Count(name => name.EndsWith("/w", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_was_cosigned_while_the_folder_was_gone_stands_there_when_it_is_back()
    {
        await UseAsync(_first.Options);
        var aside = $"{_log.Folder.Path}.aside";
        Directory.Move(_log.Folder.Path, aside);
        await File.WriteAllTextAsync(_log.Folder.Path, "in the way", Token);
        await _log.AppendAsync(5);
        await Assert.ThrowsAsync<CheckpointFolderException>(_log.Checkpoints.MakeAsync);
        await _log.Witnesses.AskAsync(305);
        Assert.Equal(305, (await StatesAsync()).Single().Size);

        File.Delete(_log.Folder.Path);
        Directory.Move(aside, _log.Folder.Path);
        await _log.Checkpoints.MakeAsync();

        Assert.NotNull(NoteSigner.CosignedAt(NoteIn(Latest), _first.Key));
        Assert.Single(NoteIn(await File.ReadAllTextAsync(_log.CheckpointFiles()[^1], Token)).Signatures);
    }

    [Fact]
    public async Task One_that_was_killed_goes_on_where_it_was()
    {
        await UseAsync(_first.Options, _second.Options);
        await _log.CosignAsync();
        await _first.KillAsync();
        await _log.AppendAsync(10);
        await _log.CosignAsync();

        Assert.Equal([300, 310], (await StatesAsync()).Select(state => state.Size));
        Assert.Equal(_log.Clock.GetUtcNow().ToUnixTimeSeconds(), (await StatesAsync())[0].Since!.Value.ToUnixTimeSeconds());
        Assert.Null(NoteSigner.CosignedAt(NoteIn(Latest), _first.Key));
        Assert.NotNull(NoteSigner.CosignedAt(NoteIn(Latest), _second.Key));
        Assert.Equal(1, Count("Warning", "3015"));

        await _first.StartAgainAsync();
        await _log.AppendAsync(10);
        await _log.CosignAsync();
        Assert.All(await StatesAsync(), state => Assert.Equal((320, null, null), (state.Size, state.Fault, state.Since)));
        Assert.Equal(1, Count("Warning", "3016"));
    }

    [Fact]
    public async Task The_console_knows_after_its_restart_what_they_said()
    {
        await UseAsync(_first.Options, Odd(_second));
        _odd.AnswerAlways(503, "text/plain", "no\n");
        await _log.CosignAsync();
        var before = await StatesAsync();

        await _log.RestartAsync();
        Assert.Equal(before, await StatesAsync());
        Assert.NotNull(before[0].SignedAt);

        _log.Options.Witnesses.RemoveAt(0);
        await _log.RestartAsync();
        await _log.Witnesses.ForgetOthersAsync();
        _log.Options.Witnesses.Insert(0, _first.Options);
        await _log.RestartAsync();
        Assert.Equal([0, 0], (await StatesAsync()).Select(state => state.Size));

        // It says itself where it was.
        await _log.AppendAsync(5);
        await _log.CosignAsync();
        Assert.Equal((305, null), ((await StatesAsync())[0].Size, (await StatesAsync())[0].Fault));
    }

    public static TheoryData<string, string> Oddities { get; } = new()
    {
        { "closed", "can't be reached" },
        { "redirect", "redirection" },
        { "garbage", "is no cosignature" },
        { "nothing", "is no cosignature" },
        { "megabyte", "more than 64 kB" },
        { "not http", "can't be reached" },
        { "another key", "without a good cosignature" },
        { "an older checkpoint", "without a good cosignature" },
        { "another note", "is no cosignature" },
        { "400", "doesn't understand" },
        { "403", "another public key" },
        { "404", "doesn't know this log" },
        { "429", "status 429" },
        { "500", "status 500" },
        { "409 without a size", "doesn't say clearly" },
        { "409 with no number", "doesn't say clearly" },
        { "409 and 409 again", "doesn't say clearly" },
        { "409 with another size each time", "doesn't say clearly" },
        { "422 at the first", "status 422" },
    };

    [Theory]
    [MemberData(nameof(Oddities))]
    public async Task One_that_answers_anything_else_is_said_to_and_keeps_nobody_up(string what, string because)
    {
        await UseAsync(_first.Options);
        await _log.CosignAsync();
        var older = NoteIn(Latest).Signatures.Single(signature => signature.Name == _first.Key.Name).ToString();
        await _log.AppendAsync(7);
        Func<HttpContext, Task<bool>> redirect = context =>
        {
            context.Response.Redirect(new Uri(_second.Url, "add-checkpoint").ToString(), permanent: false, preserveMethod: true);
            return Task.FromResult(true);
        };
        var cosigned = 10;
        Func<HttpContext, Task<bool>> more = async context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (409, "text/x.tlog.size");
            await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{cosigned += 50}\n"));
            return true;
        };
        Action answer = what switch
        {
            "redirect" => () => _odd.Intercept = redirect,
            "garbage" => () => _odd.AnswerAlways(200, "text/plain", "<html>Welcome to the guest network</html>\n"),
            "nothing" => () => _odd.AnswerAlways(200, "text/plain", ""),
            "megabyte" => () => _odd.AnswerAlways(200, "text/plain", new string('x', 1 << 20)),
            "not http" => () => _odd.Intercept = Abort,
            "an older checkpoint" => () => _odd.AnswerAlways(200, "text/plain", $"{older}\n"),
            "another note" => () => _odd.AnswerAlways(200, "text/plain", $"another\n1\n\n{older}\n"),
            "409 without a size" => () => _odd.AnswerAlways(409, "text/plain", "999\n"),
            "409 with no number" => () => _odd.AnswerAlways(409, "text/x.tlog.size", "-1\n"),
            "409 and 409 again" => () => _odd.AnswerAlways(409, "text/x.tlog.size", "12\n"),
            "409 with another size each time" => () => _odd.Intercept = more,
            "422 at the first" => () => _odd.AnswerAlways(422, "text/plain", "no\n"),
            "closed" or "another key" => () => { },
            _ => () => _odd.AnswerAlways(int.Parse(what, CultureInfo.InvariantCulture), "text/plain", "no\n"),
        };
        answer();
        // The odd one goes by the first witness's key where it plays back what that one signed, otherwise by the second's.
        var key = what == "an older checkpoint" ? _first.Key : _second.Key;
        var url = what switch { "closed" => $"http://127.0.0.1:{Ports.Free()}", "another key" => _first.Url.ToString(), _ => _odd.Url.ToString() };
        AuditOptions.WitnessSetting named = new() { Url = url, Key = key.ToString() };
        var isAlone = key == _first.Key || what == "another key";
        await UseAsync(isAlone ? [named] : [named, _first.Options]);

        await _log.CosignAsync();

        var odd = (await StatesAsync())[0];
        Assert.Contains(because, odd.Fault, StringComparison.Ordinal);
        Assert.StartsWith(key.Name, odd.Fault, StringComparison.Ordinal);
        Assert.Null(odd.Alarm);
        if (key != _first.Key)
        {
            Assert.Equal((0, null), (odd.Size, odd.SignedAt));
            Assert.Null(NoteSigner.CosignedAt(NoteIn(Latest), key));
        }

        if (!isAlone)
        {
            Assert.Equal((307, null), ((await StatesAsync())[1].Size, (await StatesAsync())[1].Fault));
        }

        Assert.Null(await _log.Verification.LastAsync(Token));
        Assert.Equal(307, Db(TreeTable.SizeOn));

        static Task<bool> Abort(HttpContext context)
        {
            context.Abort();
            return Task.FromResult(true);
        }
    }

    [Fact]
    public async Task A_cosignature_that_somebody_kept_doesnt_pass_for_a_new_one()
    {
        await UseAsync(_first.Options);
        await _log.CosignAsync();
        var kept = NoteIn(Latest).Signatures.Single(signature => signature.Name == _first.Key.Name);
        _odd.AnswerAlways(200, "text/plain", $"{kept}\n");
        await UseAsync(Odd(_first));

        await _log.CosignAsync();
        Assert.Null((await StatesAsync()).Single().Fault);
        _log.Clock.Advance(TimeSpan.FromMinutes(61));
        await _log.CosignAsync();

        Assert.Contains("sends old answers", (await StatesAsync()).Single().Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_keeps_silent_is_given_up_and_the_other_isnt_kept_waiting()
    {
        var asked = new TaskCompletionSource();
        _odd.Intercept = async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        await UseAsync(Odd(_second), _first.Options);

        var asking = _log.CosignAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        await UntilAsync(async () => (await StatesAsync())[1].Size == 300);
        await _log.AppendAsync(5);
        await _log.Checkpoints.MakeAsync();
        var again = _log.Witnesses.AskAsync(305);
        await UntilAsync(async () => (await StatesAsync())[1].Size == 305);
        Assert.False(asking.IsCompleted || again.IsCompleted);

        _log.Clock.Advance(TimeSpan.FromSeconds(10));
        await asking.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        Assert.Contains("within 10 seconds", (await StatesAsync())[0].Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stands_in_an_address_besides_the_place_is_in_no_message()
    {
        await UseAsync(new AuditOptions.WitnessSetting { Url = $"{_odd.Url}log/?token=hunter2", Key = _second.Key.ToString() });
        _odd.AnswerAlways(500, "text/plain", "hunter2\n");

        await _log.CosignAsync();

        Assert.Equal("/log/add-checkpoint?token=hunter2", _odd.Requests.Single().Path);
        Assert.Contains("/log/add-checkpoint", (await StatesAsync()).Single().Fault, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Log.All.Append((await StatesAsync()).Single().Fault), line => line!.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restored_older_database_gets_no_cosignature_and_an_alarm()
    {
        await UseAsync(_first.Options, _second.Options);
        await _log.CosignAsync();
        var backup = Backup();
        await _log.AppendAsync(50);
        await _log.CosignAsync();
        await RestoreAsync(backup);

        await _log.CosignAsync();

        Assert.All(await StatesAsync(), state => Assert.Contains(
            "has cosigned 350 events, and the newest checkpoint of this log is over 300: this database is older", state.Alarm, StringComparison.Ordinal));
        Assert.Equal(300, (await StatesAsync())[0].Size);
        await AssertAlarmAsync(2);

        // It doesn't become right by growing, and nobody is told again.
        await _log.AppendAsync(100, "another history");
        await _log.CosignAsync();
        Assert.All(await StatesAsync(), state => Assert.Contains("the first 350 of this log are others", state.Alarm, StringComparison.Ordinal));
        Assert.Single(NoteIn(_log.Checkpoints.Newest()!.Text).Signatures);
        await AssertAlarmAsync(2);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(80)]
    public async Task A_log_with_the_same_key_and_other_events_gets_no_cosignature_and_an_alarm(int others)
    {
        await UseAsync(_first.Options);
        await _log.CosignAsync();
        var backup = Backup();
        await _log.AppendAsync(50);
        await _log.CosignAsync();
        await RestoreAsync(backup);
        await _log.AppendAsync(others, "another history");

        await _log.CosignAsync();

        Assert.Contains("has cosigned 350 events, and the first 350 of this log are others", (await StatesAsync()).Single().Alarm, StringComparison.Ordinal);
        Assert.Single(_log.Checkpoints.Newest()!.Note!.Signatures);
        await AssertAlarmAsync(1);
    }

    [Fact]
    public async Task An_alarm_ends_with_a_cosignature_and_a_good_verification_after_it()
    {
        await UseAsync(_first.Options);
        await _log.CosignAsync();
        var backup = Backup();
        await _log.AppendAsync(50);
        await _log.CosignAsync();
        await RestoreAsync(backup);
        await _log.CosignAsync();

        var standing = await KeepVerificationAsync();
        Assert.Equal(TrailFaultKind.Forked, standing.Faults.Single().Kind);
        Assert.False((await _log.Verification.LastAsync(Token))!.IsGood);

        await _first.KillAsync();
        _first.Forget();
        await _first.StartAgainAsync();
        await _log.CosignAsync();
        Assert.Null((await StatesAsync()).Single().Alarm);
        Assert.False((await _log.Verification.LastAsync(Token))!.IsGood);

        Assert.True((await KeepVerificationAsync()).IsGood);
        Assert.True((await _log.Verification.LastAsync(Token))!.IsGood);
    }

    [Fact]
    public async Task The_console_asks_by_itself_and_waits_two_seconds_at_its_stop()
    {
        await UseAsync(_first.Options, Odd(_second));
        _odd.AnswerAlways(503, "text/plain", "no\n");
        await _log.Keeper.StartAsync(Token);
        await UntilAsync(async () => (await StatesAsync()) is [{ Size: 300 }, { Fault: not null }]);
        await _log.Witnesses.AskAsync(300); // Nobody is due: what was said is outside too, and no limit is running when the time passes.
        await _log.AppendAsync(5);
        _log.Clock.Advance(TimeSpan.FromMinutes(10));
        await UntilAsync(async () => (await StatesAsync())[0].Size == 305);

        var asked = new TaskCompletionSource();
        _odd.Intercept = async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        await _log.AppendAsync(5);
        var stop = _log.Keeper.StopAsync(Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        await UntilAsync(async () => (await StatesAsync())[0].Size == 310);
        Assert.False(stop.IsCompleted);
        _log.Clock.Advance(TimeSpan.FromSeconds(2));
        await stop.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        Assert.Equal(310, _log.Checkpoints.Newest()!.Size);
        Assert.DoesNotContain(_log.Log.All, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    private static SignedNote NoteIn(string text) => SignedNote.TryRead(text, out var note) ? note : throw new InvalidDataException(text);

    private static Task UntilAsync(Func<Task<bool>> happened) => Waiting.UntilAsync(happened, seconds: 30);

    private AuditOptions.WitnessSetting Odd(StrangerWitness impersonated) => new() { Url = _odd.Url.ToString(), Key = impersonated.Key.ToString() };

    private async Task UseAsync(params AuditOptions.WitnessSetting[] witnesses)
    {
        _log.Options.Witnesses.Clear();
        foreach (var witness in witnesses)
        {
            _log.Options.Witnesses.Add(witness);
        }

        await _log.RestartAsync();
    }

    private Task<IReadOnlyList<WitnessState>> StatesAsync() => _log.Witnesses.StatesAsync(Token);

    private T Db<T>(Func<Microsoft.Data.Sqlite.SqliteConnection, T> query) => _log.Db.Read(query, Token);

    private int Count(string level, string number) => _log.Log.All.Count(line => line.StartsWith(level, StringComparison.Ordinal) && line.Contains($" {number}: ", StringComparison.Ordinal));

    private string Backup()
    {
        var copy = $"{_log.File}.copy";
        _log.Tamper($"VACUUM INTO '{copy}'");
        return copy;
    }

    /// <summary>Puts an older database in place, with a folder of checkpoints that doesn't give it away: only the witnesses know more.</summary>
    private Task RestoreAsync(string backup) => _log.RestartAsync(() =>
    {
        File.Copy(backup, _log.File, overwrite: true);
        foreach (var newer in _log.CheckpointFiles().Where(file => CheckpointFolder.SizeIn(file) > 300))
        {
            File.Delete(newer);
        }
    });

    private async Task<Verdict> KeepVerificationAsync() =>
        await _log.Verification.KeepAsync(await _log.VerifyAsync(), new AuditEvent(AuditEventTypes.AuditVerified, _log.Clock.GetUtcNow(), AuditActor.System));

    /// <summary>The badge is red, and of each witness it was told once, here and there.</summary>
    private async Task AssertAlarmAsync(int witnesses)
    {
        var verdict = await _log.Verification.LastAsync(Token);
        Assert.Equal(witnesses, verdict!.FaultCount);
        Assert.All(verdict.Faults, fault => Assert.Equal(TrailFaultKind.Forked, fault.Kind));
        var told = Db(connection => TrailTable.After(connection, 0, AuditEventTypes.AuditIntegrityFailed).Select(entry => entry.Event).ToList());
        Assert.Equal(witnesses, told.Count);
        Assert.All(told, happened => Assert.Equal((AuditOutcome.Failed, true), (happened.Outcome, verdict.Faults.Any(fault => fault.Text == happened.Detail))));
        Assert.Equal(witnesses, Count("Critical", "3014"));
    }
}
