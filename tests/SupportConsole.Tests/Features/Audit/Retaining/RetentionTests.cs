using System.IO.Pipelines;
using System.Text;
using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Exporting;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Features.Audit.Retaining;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Retaining;

/// <summary>Events that are too old go by the rule, announced and recorded, and what is left proves itself as before.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private const int Old = 700, Young = 300, Kept = 100;

    private readonly ProvenLog _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _log.AppendAsync(Old, "quokkabottom");
        await _log.Checkpoints.MakeAsync();
        _log.Clock.Advance(TimeSpan.FromDays(Kept + 2));
        await _log.AppendAsync(Young, "wombatnose");
        await _log.Checkpoints.MakeAsync();
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task Without_a_rule_nothing_goes()
    {
        await RoundsAsync(3);

        Assert.Equal((1, Old + Young), Bounds());
    }

    [Fact]
    public async Task It_is_announced_a_day_before_and_then_recorded_signed_and_done()
    {
        _log.Options.KeepDays = Kept;

        await _log.Retention.KeepRuleAsync(Token);

        var announced = await StateAsync();
        Assert.Equal((0, Old, _log.Clock.GetUtcNow().AddDays(1)), (announced.Purged, announced.Next!.Through, announced.Next.DueAt));
        Assert.Contains(_log.Log.All, line => line.Contains("events up to 700 are older than 100 days", StringComparison.Ordinal));
        _log.Clock.Advance(TimeSpan.FromHours(23));
        await _log.Retention.KeepRuleAsync(Token);
        Assert.Equal(1, Bounds().First);

        _log.Clock.Advance(TimeSpan.FromHours(1));
        await _log.Retention.KeepRuleAsync(Token);

        Assert.Equal((Old + 1, Old + Young + 2), Bounds());
        Assert.Equal((Old, _log.Clock.GetUtcNow(), null), ((await StateAsync()).Purged, (await StateAsync()).PurgedAt!.Value, (await StateAsync()).Next));
        var told = await EntryAsync(Old + Young + 2);
        Assert.Equal(
            (AuditEventTypes.AuditPurged, AuditActor.System.Id, PurgeTable.Target, Old, "events 1 to 700, older than 100 days"),
            (told.Event.Type, told.Event.Actor.Id, told.Event.Target!.Collection, told.Event.Target.Count!.Value, told.Event.Detail!));
        Assert.True(_log.Checkpoints.Newest() is { IsPublished: true } newest && newest.Size >= told.Sequence);
        var verdict = await _log.VerifyAsync();
        Assert.Empty(verdict.Faults);
        Assert.Equal(Old, verdict.Purged);
        Assert.StartsWith("In order: events 1 to 700 are purged, as an event says, and the hashes and the other 302 events are what was written, and the 3 published", VerdictWords.Of(verdict), StringComparison.Ordinal);
        Assert.True((await _log.Verifier.VerifyTailAsync(Token)).IsGood);
        await RoundsAsync(3);
        Assert.Equal((Old + 1, Old + Young + 2), Bounds());
    }

    [Fact]
    public async Task Their_words_are_in_no_file_any_more_and_the_others_are_found()
    {
        await _log.Trail.IndexAsync(Token);
        Assert.True(IsInAFile("quokkabottom"));

        await PurgeAsync();

        Assert.False(IsInAFile("quokkabottom"));
        Assert.False(IsInAFile("quokkab"));
        Assert.True(IsInAFile("wombatnose"));
        var reader = new AuditReader(_log.Db, _log.Trail);
        Assert.Empty((await reader.ReadAsync(AuditQuery.All with { Text = "quokkabottom" }, null, 10, Token)).Entries);
        Assert.Equal(10, (await reader.ReadAsync(AuditQuery.All with { Text = "wombatnose" }, null, 10, Token)).Entries.Count);
        Assert.Equal(Young + 2, (await reader.ReadAsync(AuditQuery.All, null, 1000, Token)).Entries.Count);
        Assert.Equal(Young + 2, _log.Db.Read(connection => connection.Number("SELECT sum(events) FROM audit_count"), Token));
        using var connection = _log.Db.OpenWriter(700);
        connection.Run("INSERT INTO audit_text (audit_text) VALUES ('integrity-check')");
    }

    [Fact]
    public async Task What_is_left_is_proved_to_a_stranger_against_checkpoints_from_before_and_after()
    {
        var export = new LogExport(_log.Db, _log.Checkpoints);
        var before = (await export.ProveAsync(Old, Token))!.ToString();

        await PurgeAsync();
        await _log.AppendAsync(10);
        await _log.Checkpoints.MakeAsync();

        var folder = Directory.CreateTempSubdirectory("proofs-").FullName;
        try
        {
            List<(string Kind, string File)> files = [("proof", await PutAsync("before", before))];
            foreach (var sequence in new[] { Old + 1, 768, 769, Old + Young, Old + Young + 2 })
            {
                files.Add(("proof", await PutAsync($"{sequence}", (await export.ProveAsync(sequence, Token))!.ToString())));
            }

            using var written = new MemoryStream();
            var all = new TrailExport(_log.Db, _ => Task.CompletedTask, ExportFormat.JsonLines, AuditQuery.All, _log.Checkpoints.Newest()) { After = 0, Until = _log.Checkpoints.Newest()!.Size };
            Assert.Equal(Young + 2 + 10, await all.WriteAsync(PipeWriter.Create(written, new StreamPipeWriterOptions(leaveOpen: true)), Token));
            await File.WriteAllBytesAsync(Path.Combine(folder, "all"), written.ToArray(), Token);
            files.Add(("export", Path.Combine(folder, "all")));

            var said = await Stranger.VerifyAsync(files, [(await _log.Folder.ReadKeysAsync())!.Single().ToString()]);

            Assert.All(said, verdict => Assert.StartsWith("good", verdict, StringComparison.Ordinal));
            Assert.Null(await export.ProveAsync(Old, Token));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task<string> PutAsync(string name, string text)
        {
            var file = Path.Combine(folder, name);
            await File.WriteAllTextAsync(file, text, Token);
            return file;
        }
    }

    [Fact]
    public async Task What_a_stop_leaves_is_brought_to_its_end_by_the_next_start_even_without_the_rule()
    {
        var pieces = 0;
        _log.Retention.PieceDone = () =>
        {
            if (++pieces == 2)
            {
                throw new InvalidOperationException("killed here");
            }
        };
        await Assert.ThrowsAsync<InvalidOperationException>(PurgeAsync);
        Assert.Equal(513, Bounds().First);
        Assert.True((await _log.VerifyAsync()).IsGood);

        await _log.RestartAsync();
        _log.Options.KeepDays = 0;
        await _log.Retention.KeepRuleAsync(Token);

        Assert.Equal(Old + 1, Bounds().First);
        Assert.False(IsInAFile("quokkabottom"));
        Assert.True((await _log.VerifyAsync()).IsGood);
        Assert.Single(await ToldAsync());
    }

    [Fact]
    public async Task A_second_purge_that_is_stopped_before_it_was_signed_is_no_tampering()
    {
        await PurgeAsync();
        _log.Clock.Advance(TimeSpan.FromDays(Kept + 2));
        _log.Retention.Verified = () =>
        {
            Directory.Move(_log.Folder.Path, $"{_log.Folder.Path}-away");
            File.WriteAllText(_log.Folder.Path, "in the way");
        };
        await Assert.ThrowsAsync<CheckpointFolderException>(PurgeAsync);
        _log.Retention.Verified = null;
        Assert.Equal(Old + 1, Bounds().First);
        File.Delete(_log.Folder.Path);
        Directory.Move($"{_log.Folder.Path}-away", _log.Folder.Path);

        Assert.Empty((await _log.VerifyAsync()).Faults);

        await _log.Retention.KeepRuleAsync(Token);
        Assert.Equal(769, Bounds().First);
        Assert.Empty((await _log.VerifyAsync()).Faults);
    }

    [Fact]
    public async Task What_is_altered_after_a_purge_began_is_found_before_it_goes_on()
    {
        _log.Retention.PieceDone = () => throw new InvalidOperationException("killed here");
        await Assert.ThrowsAsync<InvalidOperationException>(PurgeAsync);
        await _log.RestartAsync(() => _log.Tamper("UPDATE audit_event SET actor = 5 WHERE seq = 600"));

        await _log.Retention.KeepRuleAsync(Token);

        Assert.Equal(257, Bounds().First);
        Assert.False((await _log.Verification.LastAsync(Token))!.IsGood);
    }

    [Fact]
    public async Task Nothing_goes_before_the_purges_own_checkpoint_has_left_the_house()
    {
        Directory.Move(_log.Folder.Path, $"{_log.Folder.Path}-away");
        await File.WriteAllTextAsync(_log.Folder.Path, "in the way", Token);
        for (var waiting = 0; waiting < 120; waiting++)
        {
            await _log.AppendAsync(1);
            await Assert.ThrowsAsync<CheckpointFolderException>(_log.Checkpoints.MakeAsync);
        }

        File.Delete(_log.Folder.Path);
        Directory.Move($"{_log.Folder.Path}-away", _log.Folder.Path);
        List<bool> outside = [];
        _log.Retention.PieceDone = () => outside.Add(_log.CheckpointFiles().Any(file => CheckpointFolder.SizeIn(file) > Old + Young + 120));
        await _log.Checkpoints.MakeAsync(); // The verification before it asks for what the database says was published.

        await PurgeAsync();

        Assert.Equal((3, true), (outside.Count, outside.TrueForAll(isThere => isThere)));
    }

    [Fact]
    public async Task A_sink_that_is_configured_meanwhile_is_waited_for()
    {
        _log.Options.KeepDays = Kept;
        await _log.Retention.KeepRuleAsync(Token);
        _log.Clock.Advance(TimeSpan.FromDays(1));
        _log.Retention.Verified = () =>
        {
            using var connection = _log.Db.OpenWriter(700);
            connection.Run("INSERT INTO audit_sink (name, position) VALUES ('webhook', 0)");
        };

        await Assert.ThrowsAsync<PurgeWaitsException>(() => _log.Retention.KeepRuleAsync(Token));

        Assert.Equal(1, Bounds().First);
        Assert.Empty(await ToldAsync());
    }

    [Fact]
    public async Task A_verification_that_goes_on_meanwhile_finds_nothing_wrong()
    {
        List<Task<Verdict>> beside = [];
        _log.Retention.PieceDone = () => beside.Add(_log.VerifyAsync());

        await PurgeAsync();

        Assert.Equal(3, beside.Count);
        Assert.All(await Task.WhenAll(beside), verdict => Assert.Empty(verdict.Faults));
    }

    [Fact]
    public async Task Nothing_goes_from_a_log_that_is_not_in_order()
    {
        _log.Options.KeepDays = Kept;
        await _log.Retention.KeepRuleAsync(Token);
        _log.Clock.Advance(TimeSpan.FromDays(1));
        _log.Tamper("UPDATE audit_event SET actor = 5 WHERE seq = 14");

        await _log.Retention.KeepRuleAsync(Token);

        Assert.Equal(1, Bounds().First);
        Assert.Empty(await ToldAsync());
        Assert.False((await _log.Verification.LastAsync(Token))!.IsGood);
        Assert.Contains(_log.Log.All, line => line.Contains("Nothing is purged while", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_clock_that_was_ahead_announced_is_announced_again_when_it_is_right()
    {
        _log.Options.KeepDays = Kept;
        using (var connection = _log.Db.OpenWriter(700))
        {
            PurgeTable.SetPlan(connection, new PurgePlan(_log.Clock.GetUtcNow().AddYears(1), Old + Young));
        }

        await _log.Retention.KeepRuleAsync(Token);

        Assert.Equal((1, new PurgePlan(_log.Clock.GetUtcNow(), Old)), (Bounds().First, (await StateAsync()).Next));
    }

    [Fact]
    public async Task A_plan_that_nobody_could_see_for_a_month_is_announced_again()
    {
        _log.Options.KeepDays = Kept;
        await _log.Retention.KeepRuleAsync(Token);
        _log.Clock.Advance(TimeSpan.FromDays(31));

        await _log.Retention.KeepRuleAsync(Token);

        Assert.Equal((1, _log.Clock.GetUtcNow()), (Bounds().First, (await StateAsync()).Next!.At));
    }

    [Fact]
    public async Task A_rule_that_is_taken_back_takes_the_announcement_back()
    {
        _log.Options.KeepDays = Kept;
        await _log.Retention.KeepRuleAsync(Token);
        _log.Options.KeepDays = 4000;
        _log.Clock.Advance(TimeSpan.FromDays(2));
        await _log.Retention.KeepRuleAsync(Token);
        Assert.Equal((1, null), (Bounds().First, (await StateAsync()).Next));

        _log.Options.KeepDays = Kept;
        await _log.Retention.KeepRuleAsync(Token);
        _log.Options.KeepDays = 0;
        await _log.Retention.KeepRuleAsync(Token);

        Assert.Null((await StateAsync()).Next);
    }

    [Fact]
    public async Task The_next_purge_goes_on_where_the_last_one_ended_and_the_newest_events_stay()
    {
        await PurgeAsync();
        _log.Clock.Advance(TimeSpan.FromDays(Kept + 2));

        await PurgeAsync();

        // Whose hashes aren't in a full tile yet.
        Assert.Equal(769, Bounds().First);
        Assert.Equal(["events 1 to 700, older than 100 days", "events 701 to 768, older than 100 days"], (await ToldAsync()).Select(e => e.Detail!));
        Assert.True((await _log.VerifyAsync()).IsGood);
    }

    [Fact]
    public async Task What_a_sink_has_yet_to_take_stays()
    {
        using (var connection = _log.Db.OpenWriter(700))
        {
            connection.Run("INSERT INTO audit_sink (name, position) VALUES ('webhook', 400)");
        }

        await PurgeAsync();

        Assert.Equal(401, Bounds().First);
        Assert.True((await _log.VerifyAsync()).IsGood);
    }

    [Fact]
    public async Task What_follows_a_younger_event_stays_with_it()
    {
        await using var log = new ProvenLog();
        await log.AppendAsync(100);
        log.Clock.Advance(TimeSpan.FromDays(200));
        await log.AppendAsync(1);
        await log.Trail.AppendAsync(log.Event("written by a clock set back") with { At = log.Clock.GetUtcNow().AddDays(-200) });
        await log.AppendAsync(300);
        log.Options.KeepDays = Kept;

        await log.Retention.KeepRuleAsync(Token);

        Assert.Equal(100, (await log.Db.ReadAsync(PurgeTable.State, Token)).Next!.Through);
    }

    /// <summary>What somebody does to a purged log, and what is found.</summary>
    public static TheoryData<string, string, string, long?> Tamperings { get; } = new()
    {
        { "one more gone", "DELETE FROM audit_event WHERE seq = 701", "MissingMiddle", 701 },
        { "one more gone, and said to be purged", "DELETE FROM audit_event WHERE seq = 701; UPDATE audit_purge SET through = 701, gone = 701", "MissingMiddle", 1 },
        { "nothing said of the purge", "DELETE FROM audit_purge", "MissingMiddle", 1 },
        { "the purge told of by another event", "UPDATE audit_purge SET seq = 900", "MissingMiddle", 1 },
        { "the event that tells of it", "DELETE FROM audit_event WHERE seq = 1002", "MissingMiddle", 1 },
        { "how much it says", "UPDATE audit_event SET body = CAST(replace(CAST(body AS TEXT), '700', '701') AS BLOB) WHERE seq = 1002", "MissingMiddle", 1 },
        { "a hash of what is gone", "UPDATE audit_tile SET hashes = zeroblob(8192) WHERE level = 0 AND number = 0", "Rebuilt", 700 },
        { "the hashes of what is gone", "DELETE FROM audit_tile WHERE level = 0 AND number = 1", "TreeDamaged", null },
        { "an event put back", "INSERT INTO audit_event SELECT 5, time, type, outcome, actor, subject, session, leaf, body, personal FROM audit_event WHERE seq = 800", "Altered", 5 },
    };

    [Theory]
    [MemberData(nameof(Tamperings))]
    public async Task A_purge_covers_nothing_else(string what, string statements, string kind, long? sequence)
    {
        await PurgeAsync();
        _log.Tamper(statements);

        var verdict = await _log.VerifyAsync();

        Assert.True(verdict.Faults.Any(fault => (fault.Kind.ToString(), fault.Sequence) == (kind, sequence)), $"{what}: {string.Join('\n', verdict.Faults.Select(fault => $"{fault.Kind} {fault.Sequence} {fault.Text}"))}");
    }

    [Fact]
    public async Task A_beginning_that_is_cut_off_and_called_a_purge_is_missing_until_that_is_signed()
    {
        await _log.Trail.AppendAsync(new AuditEvent(AuditEventTypes.AuditPurged, _log.Clock.GetUtcNow(), AuditActor.System) { Target = new AuditTarget(PurgeTable.Target) { Count = Old } });
        _log.Tamper($"INSERT INTO audit_purge (seq, at, through, gone) VALUES ({Old + Young + 1}, 1, {Old}, {Old}); DELETE FROM audit_event WHERE seq <= {Old}");

        var verdict = await _log.VerifyAsync();

        Assert.Contains("tells of their purge, 1001, isn't under any published checkpoint", Assert.Single(verdict.Faults).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_database_itself_lets_nothing_go_without_a_purge_and_no_purge_without_its_event()
    {
        using var connection = _log.Db.OpenWriter(700);

        Assert.Contains("never removed", Assert.Throws<SqliteException>(() => connection.Run("DELETE FROM audit_event WHERE seq = 1")).Message, StringComparison.Ordinal);
        Assert.Contains("told of by an event", Assert.Throws<SqliteException>(() => connection.Run("INSERT INTO audit_purge (seq, at, through, gone) VALUES (900, 1, 700, 0)")).Message, StringComparison.Ordinal);
    }

    private async Task PurgeAsync()
    {
        _log.Options.KeepDays = Kept;
        await _log.Retention.KeepRuleAsync(Token);
        _log.Clock.Advance(TimeSpan.FromDays(1));
        await _log.Retention.KeepRuleAsync(Token);
    }

    private async Task RoundsAsync(int count)
    {
        for (var round = 0; round < count; round++)
        {
            await _log.Retention.KeepRuleAsync(Token);
            _log.Clock.Advance(TimeSpan.FromHours(13));
        }

        await _log.Retention.KeepRuleAsync(Token);
    }

    private Task<RetentionState> StateAsync() => _log.Db.ReadAsync(PurgeTable.State, Token);

    private async Task<AuditEntry> EntryAsync(long sequence) => (await _log.Db.ReadAsync(connection => TrailTable.At(connection, sequence), Token))!;

    private async Task<IEnumerable<AuditEvent>> ToldAsync() =>
        (await _log.Db.ReadAsync(connection => TrailTable.After(connection, 0, AuditEventTypes.AuditPurged), Token)).Select(entry => entry.Event);

    private (long First, long Last) Bounds() => _log.Db.Read(
        connection => (connection.Number("SELECT min(seq) FROM audit_event"), connection.Number("SELECT max(seq) FROM audit_event")), Token);

    private bool IsInAFile(string word) => Directory.EnumerateFiles(Path.GetDirectoryName(_log.File)!, "*", SearchOption.TopDirectoryOnly)
        .Where(file => Path.GetFileName(file).StartsWith(Path.GetFileName(_log.File), StringComparison.Ordinal))
        .Any(file =>
        {
            using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            open.CopyTo(bytes);
            return bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(Encoding.UTF8.GetBytes(word)) >= 0;
        });
}
