using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit;

public sealed class AuditTrailTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly SqliteFile _file = new();
    private ConsoleDb _db = null!;
    private ConsoleWriter _writer = null!;
    private AuditTrail _trail = null!;

    public ValueTask InitializeAsync()
    {
        _db = _file.Open();
        _writer = _file.OpenWriter(_db);
        _trail = SqliteFile.TrailOn(_writer, _db);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task Completed_append_is_seen_by_another_connection()
    {
        var entry = await _trail.AppendAsync(Event("a"));

        using var other = _file.Connect();
        using var command = other.Prepare("SELECT body, leaf, personal FROM audit_event WHERE seq = 1");
        using var row = command.ExecuteReader();
        Assert.True(row.Read());
        Assert.Equal(1, entry.Sequence);
        Assert.Equal(CanonicalForm.Encode(1, Event("a") with { Instance = _trail.Instance }, PersonalText.Decode(row.GetFieldValue<byte[]>(2))), row.GetFieldValue<byte[]>(0));
        Assert.Equal([.. entry.LeafHash], row.GetFieldValue<byte[]>(1));
    }

    [Fact]
    public async Task Sixty_four_callers_leave_no_gap_and_no_double()
    {
        var sequences = await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(async () =>
        {
            var mine = new List<long>();
            for (var i = 0; i < 25; i++)
            {
                mine.Add((await _trail.AppendAsync(Event($"{caller}-{i}"))).Sequence);
            }

            Assert.Equal(mine.Order(), mine);
            return mine;
        })));

        Assert.Equal(Enumerable.Range(1, 1600).Select(i => (long)i), sequences.SelectMany(mine => mine).Order());
        Assert.Equal(1600, Count());
    }

    [Fact]
    public async Task Two_instances_on_one_file_share_one_sequence()
    {
        var second = _file.OpenTrail(_file.Open());

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? _trail : second).AppendAsync(Event($"{i}"))));

        Assert.Equal(40, Count());
        Assert.Equal(40, Number("SELECT max(seq) FROM audit_event"));
        Assert.Equal(
            new[] { _trail.Instance, second.Instance }.Order(StringComparer.Ordinal),
            (await new AuditReader(_db, _trail).ReadAsync(AuditQuery.All, null, 99, TestContext.Current.CancellationToken)).Entries
                .Select(entry => entry.Event.Instance).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Several_events_stand_together_or_not_at_all()
    {
        var entries = await _trail.AppendAsync([Event("a"), Event("b"), Event("c")]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _trail.AppendAsync(
            [Event("d"), Event("e")], _ => throw new InvalidOperationException("no")));

        Assert.Equal([1L, 2L, 3L], entries.Select(entry => entry.Sequence));
        Assert.Equal(3, Count());
    }

    [Fact]
    public async Task Change_alongside_is_committed_with_its_event()
    {
        await _trail.AppendAsync(Event("a"), AddStaff("demo/mia-chen"));

        Assert.Equal(1, Count());
        Assert.Equal(1, Number("SELECT count(*) FROM staff"));
    }

    [Fact]
    public async Task Change_that_tells_itself_what_has_happened_is_committed_with_that_and_without_where_it_is_nothing()
    {
        var told = await _trail.AppendAsync(connection =>
        {
            AddStaff("x")(connection);
            return [Event("a"), Event("b")];
        });
        var nothing = await _trail.AppendAsync(connection =>
        {
            AddStaff("y")(connection);
            return [];
        });

        Assert.Equal([1, 2], told.Select(entry => entry.Sequence));
        Assert.All(told, entry => Assert.Equal(_trail.Instance, entry.Event.Instance));
        Assert.Empty(nothing);
        Assert.Equal((2, 2), (Count(), Number("SELECT count(*) FROM staff")));
    }

    [Fact]
    public async Task Change_that_throws_undoes_its_event_and_nobody_elses()
    {
        var refused = new InvalidOperationException("the last manager stays");

        var others = Enumerable.Range(0, 20).Select(i => _trail.AppendAsync(Event($"{i}"))).ToList();
        var undone = _trail.AppendAsync(Event("undone"), connection =>
        {
            AddStaff("x")(connection);
            throw refused;
        });
        others.AddRange(Enumerable.Range(20, 20).Select(i => _trail.AppendAsync(Event($"{i}"))));

        Assert.Same(refused, await Assert.ThrowsAsync<InvalidOperationException>(() => undone));
        await Task.WhenAll(others);
        Assert.Equal(40, Count());
        Assert.Equal(40, Number("SELECT max(seq) FROM audit_event"));
        Assert.Equal(0, Number("SELECT count(*) FROM staff"));
    }

    [Fact]
    public async Task Change_that_breaks_a_constraint_gives_its_caller_that_error()
    {
        await _trail.AppendAsync(Event("a"), AddStaff("x"));

        await Assert.ThrowsAsync<SqliteException>(() => _trail.AppendAsync(Event("b"), AddStaff("x")));

        Assert.Equal(2, (await _trail.AppendAsync(Event("c"))).Sequence);
    }

    [Fact]
    public async Task Change_that_commits_by_itself_fails_and_the_trail_goes_on()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => _trail.AppendAsync(Event("a"), connection => connection.Run("COMMIT")));

        await _trail.AppendAsync(Event("b"));
        Assert.Equal(Count(), Number("SELECT max(seq) FROM audit_event"));
    }

    [Theory]
    [InlineData("UPDATE audit_event SET time = 0")]
    [InlineData("UPDATE audit_event SET personal = x'7b7d'")]
    [InlineData("UPDATE audit_event SET personal = NULL")]
    [InlineData("DELETE FROM audit_event")]
    [InlineData("INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event")]
    public async Task Database_refuses_to_change_the_past(string statement)
    {
        await _trail.AppendAsync(Event("a"));
        using var other = _file.Connect();

        var refusal = Assert.Throws<SqliteException>(() => other.Run(statement));

        Assert.Contains("never", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, Count());
    }

    [Fact]
    public async Task Locked_database_refuses_and_works_again_once_released()
    {
        await _trail.AppendAsync(Event("a"));
        using var other = _file.Connect();
        other.Run("BEGIN IMMEDIATE");

        var refusal = await Assert.ThrowsAsync<NotWrittenException>(() => _trail.AppendAsync(Event("b")));
        var writable = await _writer.IsWritableAsync();
        other.Run("ROLLBACK");

        Assert.Equal(NotWrittenReason.Locked, refusal.Reason);
        Assert.False(writable);
        Assert.Equal(2, (await _trail.AppendAsync(Event("c"))).Sequence);
        Assert.True(await _writer.IsWritableAsync());
    }

    [Fact]
    public async Task Crowd_before_a_locked_database_is_refused_to_the_last()
    {
        _writer.Limits = ConsoleWriter.UnderTwoSeconds;
        await _trail.AppendAsync(Event("a"));
        using var other = _file.Connect();
        other.Run("BEGIN IMMEDIATE");

        var crowd = Enumerable.Range(0, 1500).Select(i => _trail.AppendAsync(Event($"{i}"))).ToList();
        foreach (var append in crowd)
        {
            await Assert.ThrowsAsync<NotWrittenException>(() => append);
        }

        await Assert.ThrowsAsync<NotWrittenException>(() => _writer.InTurnAsync(_ => 0)); // Its turn comes after all of theirs.
        other.Run("ROLLBACK");
        await _trail.AppendAsync(Event("b"));
        Assert.Equal(2, Count());
    }

    [Fact]
    public async Task What_the_writer_does_not_come_to_in_time_is_refused_and_never_written()
    {
        await _trail.AppendAsync(Event("a"));
        var held = await HeldWriter.HoldAsync(_writer);
        _writer.Limits = (TimeSpan.FromMilliseconds(50), SqliteFile.Patience.Commit);

        var refusal = await Assert.ThrowsAsync<NotWrittenException>(() => _trail.AppendAsync(Event("late")));
        await held.DisposeAsync();

        Assert.Equal(NotWrittenReason.Disk, refusal.Reason);
        _writer.Limits = SqliteFile.Patience;
        Assert.Equal(2, (await _trail.AppendAsync(Event("b"))).Sequence);
        Assert.Equal(2, Count());
    }

    [Fact]
    public async Task Full_disk_refuses_and_works_again_with_room()
    {
        var room = 1_000_000;
        _db.WriterOpened = connection => connection.Run($"PRAGMA max_page_count = {room}");
        await _trail.AppendAsync(Event("a"));
        await Reopen(() => room = 1);

        var refusal = await Assert.ThrowsAsync<NotWrittenException>(() => _trail.AppendAsync(Event(new string('x', 100_000))));
        room = 1_000_000;
        Assert.True(await _writer.IsWritableAsync());

        Assert.Equal(NotWrittenReason.DiskFull, refusal.Reason);
        Assert.Equal(2, (await _trail.AppendAsync(Event("b"))).Sequence);
    }

    [Fact]
    public async Task Read_only_database_refuses_and_works_again()
    {
        var readOnly = 0;
        _db.WriterOpened = connection => connection.Run($"PRAGMA query_only = {readOnly}");
        await _trail.AppendAsync(Event("a"));
        await Reopen(() => readOnly = 1);

        var refusal = await Assert.ThrowsAsync<NotWrittenException>(() => _trail.AppendAsync(Event("b")));
        readOnly = 0;

        Assert.Equal(NotWrittenReason.ReadOnly, refusal.Reason);
        Assert.Equal(2, (await _trail.AppendAsync(Event("c"))).Sequence);
    }

    [Fact]
    public async Task Lost_file_refuses_and_is_not_replaced_by_an_empty_one()
    {
        await _trail.AppendAsync(Event("a"));
        File.Delete(_file.File);

        var first = await Assert.ThrowsAsync<NotWrittenException>(() => _trail.AppendAsync(Event("b")));
        var second = await Assert.ThrowsAsync<NotWrittenException>(() => _trail.AppendAsync(Event("c")));

        Assert.Equal(NotWrittenReason.Missing, first.Reason);
        Assert.Equal(NotWrittenReason.Missing, second.Reason);
        Assert.False(File.Exists(_file.File));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Replaced_file_refuses_and_the_former_one_is_taken_again(bool isNewer)
    {
        await _trail.AppendAsync(Event("a"));
        var copy = $"{_file.File}.copy";
        using (var other = _file.Connect())
        {
            other.Run($"VACUUM INTO '{copy}'"); // As good as it can be: the same trail, only another file.
        }

        if (isNewer)
        {
            await _trail.AppendAsync(Event("b"));
        }

        File.Move(_file.File, $"{_file.File}.former");
        File.Move(copy, _file.File);

        var first = await Assert.ThrowsAsync<NotWrittenException>(() => _trail.AppendAsync(Event("c")));
        var second = await Assert.ThrowsAsync<NotWrittenException>(() => _trail.AppendAsync(Event("d")));
        File.Move($"{_file.File}.former", _file.File, overwrite: true);

        Assert.Equal((NotWrittenReason.Replaced, NotWrittenReason.Replaced), (first.Reason, second.Reason));
        await _trail.AppendAsync(Event("e"));
    }

    [Fact]
    public async Task A_shorter_file_written_over_it_in_place_refuses()
    {
        await _trail.AppendAsync(Event("a"));
        using (var other = _file.Connect())
        {
            other.Run($"VACUUM INTO '{_file.File}.backup'");
            await _trail.AppendAsync([.. Enumerable.Range(0, 200).Select(i => Event($"{i} {new string('x', 2000)}"))]);
            other.Run("PRAGMA wal_checkpoint(PASSIVE)");
        }

        await _trail.AppendAsync(Event("b"));
        await WriteOverAsync($"{_file.File}.backup");

        var refusal = await Assert.ThrowsAsync<NotWrittenException>(() => _trail.AppendAsync(Event("c")));

        Assert.Contains(refusal.Reason, (NotWrittenReason[])[NotWrittenReason.Replaced, NotWrittenReason.Unusable]);
    }

    [Theory]
    [InlineData("as long")]
    [InlineData("longer")]
    [InlineData("another trail")]
    [InlineData("no database")]
    public async Task A_copy_written_over_it_in_place_refuses_however_long_it_is(string what)
    {
        await _trail.AppendAsync([.. Enumerable.Range(0, 50).Select(i => Event($"{i} {new string('x', 2000)}"))]);
        await CarriedOverAsync();
        var copy = $"{_file.File}.backup";
        await using var another = new SqliteFile();
        if (what == "another trail")
        {
            using var foreign = another.Open();
            await using var writer = another.OpenWriter(foreign);
            await SqliteFile.TrailOn(writer, foreign).AppendAsync([.. Enumerable.Range(0, 200).Select(i => Event($"{i} {new string('y', 2000)}"))]);
            using var source = another.Connect();
            source.Run($"VACUUM INTO '{copy}'");
        }
        else
        {
            File.Copy(_file.File, copy);
        }

        if (what is "longer" or "no database")
        {
            await File.AppendAllBytesAsync(copy, new byte[4_000_000], TestContext.Current.CancellationToken);
        }

        if (what == "no database")
        {
            await File.WriteAllTextAsync(copy, new string('z', (int)new FileInfo(copy).Length), TestContext.Current.CancellationToken);
        }

        await _trail.AppendAsync(Event("b"));
        await CarriedOverAsync();
        await WriteOverAsync(copy);

        var refusal = await Assert.ThrowsAsync<NotWrittenException>(() => _trail.AppendAsync(Event("c")));
        var again = await Assert.ThrowsAsync<NotWrittenException>(() => _trail.AppendAsync(Event("d")));

        Assert.Contains(refusal.Reason, (NotWrittenReason[])[NotWrittenReason.Replaced, NotWrittenReason.Unusable]);
        Assert.Contains(again.Reason, (NotWrittenReason[])[NotWrittenReason.Replaced, NotWrittenReason.Unusable]);
    }

    [Fact]
    public async Task Another_program_that_carries_the_log_over_changes_nothing()
    {
        await _trail.AppendAsync(Event("a"));
        await CarriedOverAsync();
        await _trail.AppendAsync(Event("b"));
        using (var other = _file.Connect())
        {
            other.Run("PRAGMA wal_checkpoint(FULL)");
        }

        Assert.Equal(3, (await _trail.AppendAsync(Event("c"))).Sequence);
    }

    [Fact]
    public async Task Another_program_that_carries_the_log_over_all_the_time_changes_nothing()
    {
        await _trail.AppendAsync(Event("a"));
        await CarriedOverAsync();
        using var done = new CancellationTokenSource();
        using var other = _file.Connect();
        var carrying = Task.Run(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    other.Run("PRAGMA wal_checkpoint(PASSIVE)");
                }
            },
            TestContext.Current.CancellationToken);
        for (var append = 0; append < 200; append++)
        {
            await _trail.AppendAsync([.. Enumerable.Range(0, 20).Select(i => Event($"{i} {new string('x', 3000)}"))]);
        }

        await done.CancelAsync();
        await carrying;
        Assert.Equal(4001, _trail.End);
    }

    /// <summary>Waits until the file alone has every event, as it does after a moment without changes.</summary>
    private async Task CarriedOverAsync()
    {
        await Waiting.UntilAsync(HasAll, seconds: 30);

        // In the middle of it the file is in pieces.
        bool HasAll()
        {
            try
            {
                return _db.ReadFileAlone(alone => alone.Number("SELECT max(seq) FROM audit_event") == _trail.End);
            }
            catch (SqliteException)
            {
                return false;
            }
        }
    }

    /// <summary>As cp does: the same file with another content.</summary>
    private async Task WriteOverAsync(string copy)
    {
        using var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", "cat \"$1\" > \"$0\"", _file.File, copy]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
    }

    [Fact]
    public async Task Database_put_back_from_a_backup_in_its_place_refuses()
    {
        await _trail.AppendAsync(Event("a"));
        var backup = $"{_file.File}.backup";
        using (var other = _file.Connect())
        {
            other.Run($"VACUUM INTO '{backup}'");
        }

        await _trail.AppendAsync(Event("b"));
        using (var source = new SqliteConnection($"Data Source={backup};Pooling=False"))
        using (var target = _file.Connect())
        {
            source.Open();
            source.BackupDatabase(target); // The file stays the same one, its content is the day before's.
        }

        var refusal = await Assert.ThrowsAsync<NotWrittenException>(() => _trail.AppendAsync(Event("c")));

        Assert.Equal(NotWrittenReason.Replaced, refusal.Reason);
        Assert.Equal(1, Count());
    }

    [Fact]
    public async Task File_that_is_no_database_refuses()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file.File)!);
        await File.WriteAllTextAsync(_file.File, new string('x', 8192), TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<NotWrittenException>(() => _trail.AppendAsync(Event("a")));

        Assert.Equal(NotWrittenReason.Unusable, refusal.Reason);
    }

    [Fact]
    public async Task Stopped_trail_refuses()
    {
        await _trail.AppendAsync(Event("a"));
        await _writer.StopAsync(CancellationToken.None);

        var refusal = await Assert.ThrowsAsync<NotWrittenException>(() => _trail.AppendAsync(Event("b")));

        Assert.Equal(NotWrittenReason.Stopped, refusal.Reason);
        Assert.False(await _writer.IsWritableAsync());
    }

    [Fact]
    public async Task Stopping_writes_what_is_waiting()
    {
        var appends = Enumerable.Range(0, 300).Select(i => _trail.AppendAsync(Event($"{i}"))).ToList();

        await _writer.StopAsync(CancellationToken.None);

        await Task.WhenAll(appends);
        Assert.Equal(300, Count());
    }

    [Fact]
    public async Task Restarted_trail_continues_the_sequence()
    {
        await _trail.AppendAsync(Event("a"));
        await _writer.StopAsync(CancellationToken.None);

        var next = await _file.OpenTrail(_file.Open()).AppendAsync(Event("b"));

        Assert.Equal(2, next.Sequence);
    }

    [Fact]
    public async Task Newer_database_stops_the_start()
    {
        _db.Prepare();
        using (var connection = _file.Connect())
        {
            connection.Run("PRAGMA user_version = 999");
        }

        await Assert.ThrowsAsync<StorageException>(() => _file.OpenWriter(_file.Open()).StartAsync(CancellationToken.None));
    }

    /// <summary>Makes the writer open its connection anew, by way of a change that breaks its transaction.</summary>
    private async Task Reopen(Action before)
    {
        before();
        await Assert.ThrowsAnyAsync<Exception>(() => _trail.AppendAsync(Event("breaks"), connection => connection.Run("ROLLBACK")));
    }

    private long Count() => Number("SELECT count(*) FROM audit_event");

    private long Number(string query)
    {
        using var connection = _file.Connect();
        return connection.Number(query);
    }

    private static Action<SqliteConnection> AddStaff(string id) => connection =>
    {
        using var command = connection.Prepare(
            "INSERT INTO staff (id, name, email, first_seen, last_seen) VALUES ($id, 'n', 'e', 0, 0)", ("$id", id));
        command.ExecuteNonQuery();
    };

    private static AuditEvent Event(string reason) =>
        new(AuditEventTypes.UserViewed, Noon, new AuditActor(new StaffId("demo/mia-chen"), "Mia Chen", [Role.Agent])) { Reason = reason };
}
