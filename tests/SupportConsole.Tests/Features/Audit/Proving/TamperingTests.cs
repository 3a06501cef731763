using System.Globalization;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Proving;

/// <summary>What somebody can do to the database and its checkpoints who has them in their hands, and what a verification says of it.</summary>
public sealed class TamperingTests : IAsyncLifetime
{
    private const int Events = 700;

    private readonly ProvenLog _log = new();

    public async ValueTask InitializeAsync()
    {
        await _log.AppendAsync(300);
        await _log.Checkpoints.MakeAsync();
        await _log.AppendAsync(300);
        await _log.Checkpoints.MakeAsync();
        await _log.AppendAsync(Events - 600);
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task Nothing_is_found_where_nothing_was_done()
    {
        List<(long Done, long Of)> heard = [];
        var verdict = await _log.Verifier.VerifyAsync(null, new Heard(heard.Add), TestContext.Current.CancellationToken);

        Assert.Empty(verdict.Faults);
        Assert.Equal((Events, 2, 600), (verdict.Size, verdict.Checkpoints, verdict.SignedTo));
        Assert.Equal((Events, Events), heard[^1]);
        Assert.True((await _log.Verifier.VerifyTailAsync(TestContext.Current.CancellationToken)).IsGood);
    }

    /// <summary>Statements, what is found first, and of which event.</summary>
    public static TheoryData<string, string, string, long?> OfTheDatabase { get; } = new()
    {
        { "a byte of an event", "UPDATE audit_event SET body = CAST(replace(CAST(body AS TEXT), 'success', 'succesS') AS BLOB) WHERE seq = 100", "Altered", 100 },
        { "an event and its hash", "UPDATE audit_event SET body = (SELECT body FROM audit_event WHERE seq = 101), leaf = (SELECT leaf FROM audit_event WHERE seq = 101) WHERE seq = 100", "Reordered", 100 },
        { "an event of the last tile, and its hash", "UPDATE audit_event SET body = (SELECT body FROM audit_event WHERE seq = 650), leaf = (SELECT leaf FROM audit_event WHERE seq = 650) WHERE seq = 690", "Reordered", 690 },
        { "a hash", "UPDATE audit_event SET leaf = zeroblob(32) WHERE seq = 7", "Altered", 7 },
        { "an event that is none", "UPDATE audit_event SET body = x'7b7d' WHERE seq = 9", "Altered", 9 },
        { "no bytes", "UPDATE audit_event SET body = x'' WHERE seq = 9", "Altered", 9 },
        { "a name beside an event", "UPDATE audit_event SET personal = CAST(replace(CAST(personal AS TEXT), 'Ada', 'Eve') AS BLOB) WHERE seq = 17", "PersonalAltered", 17 },
        { "a salt", "UPDATE audit_event SET personal = CAST(replace(CAST(personal AS TEXT), '\"salt\":\"', '\"salt\":\"AAAA') AS BLOB) WHERE seq = 17", "PersonalAltered", 17 },
        { "the names beside another event", "UPDATE audit_event SET personal = (SELECT personal FROM audit_event WHERE seq = 19) WHERE seq = 18", "PersonalAltered", 18 },
        { "no names", "UPDATE audit_event SET personal = NULL WHERE seq = 18", "PersonalAltered", 18 },
        { "names that are no JSON", "UPDATE audit_event SET personal = x'00' WHERE seq = 18", "PersonalAltered", 18 },
        { "names erased by hand", "UPDATE audit_event SET personal = CAST('{\"about\":{\"erased\":\"2030-01-02T03:04:05.000000Z\"},' || substr(CAST(personal AS TEXT), instr(CAST(personal AS TEXT), '\"by\"')) AS BLOB) WHERE seq = 18", "ErasedUnrecorded", 18 },
        { "a time", "UPDATE audit_event SET time = time + 1 WHERE seq = 11", "Altered", 11 },
        { "a type", "UPDATE audit_event SET type = 'audit.viewed' WHERE seq = 12", "Altered", 12 },
        { "an outcome", "UPDATE audit_event SET outcome = 1 WHERE seq = 13", "Altered", 13 },
        { "an actor", "UPDATE audit_event SET actor = 5 WHERE seq = 14", "Altered", 14 },
        { "a subject", "UPDATE audit_event SET subject = NULL WHERE seq = 15", "Altered", 15 },
        { "a session", "UPDATE audit_event SET session = 5 WHERE seq = 16", "Altered", 16 },
        { "two that changed places", "UPDATE audit_event SET seq = 10000 WHERE seq = 20; UPDATE audit_event SET seq = 20 WHERE seq = 21; UPDATE audit_event SET seq = 21 WHERE seq = 10000", "Reordered", 20 },
        { "one gone from the middle", "DELETE FROM audit_event WHERE seq = 50", "MissingMiddle", 50 },
        { "many gone from the middle", "DELETE FROM audit_event WHERE seq BETWEEN 200 AND 520", "MissingMiddle", 200 },
        { "the last gone", "DELETE FROM audit_event WHERE seq > 599; DELETE FROM audit_tile WHERE level = 0 AND number > 1", "MissingTail", 600 },
        { "the last hundred gone that were signed", "DELETE FROM audit_event WHERE seq > 500; DELETE FROM audit_tile WHERE level = 0 AND number > 0", "MissingTail", 501 },
        { "all gone", "DELETE FROM audit_event; DELETE FROM audit_tile", "MissingTail", 1 },
        { "one gone from the last tile", "DELETE FROM audit_event WHERE seq = 690", "MissingMiddle", 690 },
        { "the unsigned end, over the edge of a tile", "DELETE FROM audit_event WHERE seq > 500; DELETE FROM audit_checkpoint; UPDATE audit_key SET since = 0", "MissingTail", 501 },
        { "a tile too many", "INSERT INTO audit_tile (level, number, hashes) VALUES (0, 999999, x'')", "MissingTail", 701 },
        { "an event with a number that nobody gave", "INSERT INTO audit_event (seq, time, type, outcome, actor, leaf, body) VALUES (4611686018427387904, 1, 'x', 0, 1, x'', x'')", "Altered", 4611686018427387904 },
        { "no checkpoint known", "DELETE FROM audit_checkpoint; DELETE FROM audit_key", "WrongKey", 300 },
        { "a text erased by hand where there is nobody whose it was", "UPDATE audit_event SET personal = CAST('{\"about\":{\"erased\":\"2030-01-02T03:04:05.000000Z\"},' || substr(CAST(personal AS TEXT), instr(CAST(personal AS TEXT), '\"by\"')) AS BLOB) WHERE seq = 650", "ErasedUnrecorded", 650 },
        { "a tile", "UPDATE audit_tile SET hashes = zeroblob(8192) WHERE level = 0 AND number = 0", "Altered", 1 },
        { "a tile above", "UPDATE audit_tile SET hashes = zeroblob(length(hashes)) WHERE level = 1", "TreeDamaged", null },
        { "a tile cut off", "UPDATE audit_tile SET hashes = substr(hashes, 1, 40) WHERE level = 1", "TreeDamaged", null },
        { "no tiles", "DELETE FROM audit_tile", "TreeDamaged", null },
    };

    [Theory]
    [MemberData(nameof(OfTheDatabase))]
    public async Task In_the_database(string what, string statements, string kind, long? sequence)
    {
        _log.Tamper(statements);

        var verdict = await _log.VerifyAsync();

        Assert.True(!verdict.IsGood, what);
        Assert.Equal((kind, sequence), (verdict.Faults[0].Kind.ToString(), verdict.Faults[0].Sequence));
        Assert.All(verdict.Faults, fault => Assert.EndsWith(".", fault.Text, StringComparison.Ordinal));
    }

    /// <summary>What is damaged keeps nothing from being recorded, not after a restart either, and nothing honest is blamed for it.</summary>
    [Theory]
    [InlineData("DELETE FROM audit_event WHERE seq = 690")]
    [InlineData("UPDATE audit_tile SET hashes = substr(hashes, 1, 40) WHERE level = 1")]
    [InlineData("DELETE FROM audit_tile WHERE level = 1")]
    [InlineData("INSERT INTO audit_tile (level, number, hashes) VALUES (0, 999999, x'')")]
    [InlineData("DELETE FROM audit_tile WHERE level = 0 AND number = 1")]
    [InlineData("UPDATE audit_event SET leaf = x'00' WHERE seq = 700")]
    public async Task Events_go_on_being_recorded(string statements)
    {
        _log.Tamper(statements);
        await _log.RestartAsync();
        Assert.False(_log.GrowTree(), "It would be tried for ever.");

        await _log.AppendAsync(300);

        var verdict = await _log.VerifyAsync();
        Assert.Equal(Events + 300, verdict.Size);
        Assert.False(verdict.IsGood);
        Assert.DoesNotContain(verdict.Faults, fault => fault.Sequence > Events && fault.Kind is not (TrailFaultKind.MissingTail or TrailFaultKind.MissingMiddle));
    }

    [Fact]
    public async Task Two_checkpoints_of_one_size_with_good_signatures_that_contradict_each_other()
    {
        await using var other = new ProvenLog();
        other.Options.CheckpointFolder = _log.Folder.Path;
        other.Options.SigningKeyFile = _log.Keys.File;
        other.Clock.Advance(TimeSpan.FromDays(40));
        other.Start();
        await other.AppendAsync(300, "another history");
        other.Tamper($"INSERT INTO audit_log (id, origin) VALUES (1, '{(await _log.Folder.ReadKeysAsync())!.Single().Name}')");
        await other.Checkpoints.MakeAsync();

        Assert.Contains((await _log.VerifyAsync()).Faults, fault => fault is { Kind: TrailFaultKind.Rebuilt, Sequence: 300 } && fault.Text.Contains("contradict", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pipe_in_the_folder_keeps_nobody_waiting()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such pipes.");
        foreach (var name in (string[])["0000000000000007.checkpoint", "x.checkpoint", "latest.checkpoint", "keys.txt"])
        {
            var pipe = Path.Combine(_log.Folder.Path, name);
            File.Delete(pipe);
            using var made = System.Diagnostics.Process.Start("mkfifo", pipe);
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var verdict = await _log.VerifyAsync().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal([TrailFaultKind.CheckpointAltered], verdict.Faults.Select(fault => fault.Kind));
    }

    [Fact]
    public async Task A_checkpoint_published_while_it_is_verified_is_none_that_is_too_large()
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var busy = Task.Run(async () =>
        {
            while (!giveUp.IsCancellationRequested)
            {
                await _log.AppendAsync(3);
                await _log.Checkpoints.MakeAsync();
            }
        });

        for (var turn = 0; turn < 20; turn++)
        {
            Assert.Empty((await _log.VerifyAsync()).Faults);
        }

        await giveUp.CancelAsync();
        await busy;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(650)]
    public async Task The_last_rows_gone_at_a_start(int count)
    {
        await _log.Checkpoints.MakeAsync();
        _log.Tamper(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM audit_event WHERE seq > {Events - count}; DELETE FROM audit_tile WHERE level = 0 AND (number + 1) * 256 > {Events - count}"));
        await _log.RestartAsync();

        var verdict = await _log.Verifier.VerifyTailAsync(TestContext.Current.CancellationToken);

        Assert.Contains(verdict.Faults, fault => fault.Kind == TrailFaultKind.MissingTail && fault.Sequence == Events - count + 1);
    }

    [Fact]
    public async Task An_older_copy_of_the_database()
    {
        var copy = $"{_log.File}.copy";
        _log.Tamper($"VACUUM INTO '{copy}'");
        await _log.AppendAsync(20);
        await _log.Checkpoints.MakeAsync();
        await _log.RestartAsync(() => File.Copy(copy, _log.File, overwrite: true));

        var verdict = await _log.Verifier.VerifyTailAsync(TestContext.Current.CancellationToken);
        Assert.Equal(TrailFaultKind.MissingTail, verdict.Faults[0].Kind);

        // Nor does it pass for the newer one when it has grown as far as that again.
        await _log.AppendAsync(20, "another history");
        Assert.Contains((await _log.VerifyAsync()).Faults, fault => fault.Kind == TrailFaultKind.Rebuilt && fault.Sequence == Events + 20);
        await Assert.ThrowsAsync<CheckpointTakenException>(_log.Checkpoints.MakeAsync);
    }

    [Fact]
    public async Task A_log_made_anew_with_a_key_of_its_own()
    {
        await using var other = new ProvenLog();
        other.Options.CheckpointFolder = _log.Folder.Path;
        other.Start();
        await other.AppendAsync(Events, "invented");

        var unsigned = await other.VerifyAsync();
        Assert.Contains(unsigned.Faults, fault => fault.Kind == TrailFaultKind.WrongKey);

        other.Keys.MakeFirst("support-console/0123456789abcdef");
        Assert.Contains((await other.Verifier.VerifyAsync((await _log.Folder.ReadKeysAsync()), null, TestContext.Current.CancellationToken)).Faults, fault => fault.Kind == TrailFaultKind.Rebuilt && fault.Sequence == 300);
    }

    [Fact]
    public async Task A_log_made_anew_with_the_stolen_key()
    {
        await using var other = new ProvenLog();
        other.Options.CheckpointFolder = _log.Folder.Path;
        other.Options.SigningKeyFile = _log.Keys.File;
        other.Start();
        await other.AppendAsync(Events, "invented");

        Assert.Contains((await other.Verifier.VerifyAsync((await _log.Folder.ReadKeysAsync()), null, TestContext.Current.CancellationToken)).Faults, fault => fault is { Kind: TrailFaultKind.Rebuilt, Sequence: 300 });
    }

    [Fact]
    public async Task Another_key_than_the_one_that_is_known_elsewhere()
    {
        await using var other = new ProvenLog();
        await other.AppendAsync(1);
        await other.Checkpoints.MakeAsync();

        var verdict = await _log.Verifier.VerifyAsync((await other.Folder.ReadKeysAsync()), null, TestContext.Current.CancellationToken);

        Assert.Equal([TrailFaultKind.WrongKey, TrailFaultKind.WrongKey], verdict.Faults.Select(fault => fault.Kind));
    }

    /// <summary>What is done to a file of a checkpoint, and what is found.</summary>
    public static TheoryData<string, string> OfTheFolder { get; } = new()
    {
        { "removed", "CheckpointRemoved" },
        { "emptied", "CheckpointAltered" },
        { "another root", "CheckpointAltered" },
        { "another size", "CheckpointAltered" },
        { "the signature of another", "CheckpointAltered" },
        { "no signature", "CheckpointAltered" },
        { "the name of another", "CheckpointAltered" },
        { "not text", "CheckpointAltered" },
        { "a megabyte", "CheckpointAltered" },
    };

    [Theory]
    [MemberData(nameof(OfTheFolder))]
    public async Task In_the_folder(string what, string kind)
    {
        var files = _log.CheckpointFiles();
        var (text, other) = (await File.ReadAllTextAsync(files[0], TestContext.Current.CancellationToken), await File.ReadAllTextAsync(files[1], TestContext.Current.CancellationToken));
        switch (what)
        {
            case "removed":
                File.Delete(files[0]);
                break;
            case "the name of another":
                File.Copy(files[1], files[0], overwrite: true);
                break;
            case "not text":
                await File.WriteAllBytesAsync(files[0], [0, 255, 1, 254, 10], TestContext.Current.CancellationToken);
                break;
            default:
                var lines = text.Split('\n');
                await File.WriteAllTextAsync(
                    files[0],
                    what switch
                    {
                        "emptied" => "",
                        "another root" => text.Replace(lines[2], other.Split('\n')[2], StringComparison.Ordinal),
                        "another size" => text.Replace("\n300\n", "\n301\n", StringComparison.Ordinal),
                        "the signature of another" => text.Replace(lines[4], other.Split('\n')[4], StringComparison.Ordinal),
                        "a megabyte" => text + new string('x', 1_000_000),
                        _ => $"{lines[0]}\n{lines[1]}\n{lines[2]}\n\n",
                    },
                    TestContext.Current.CancellationToken);
                break;
        }

        var verdict = await _log.VerifyAsync();

        var fault = Assert.Single(verdict.Faults);
        Assert.Equal(kind, fault.Kind.ToString());
    }

    [Fact]
    public async Task A_verification_that_is_given_up_says_nothing()
    {
        using var giveUp = new CancellationTokenSource();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _log.Verifier.VerifyAsync(null, null, giveUp.Token));
    }

    private sealed class Heard(Action<(long Done, long Of)> hear) : IProgress<(long Done, long Of)>
    {
        public void Report((long Done, long Of) value) => hear(value);
    }
}
