using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Shipping;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Shipping;

/// <summary>The mirror, and what becomes of it and of the trail where it can't be written.</summary>
public sealed class MirrorSinkTests : IAsyncLifetime
{
    private readonly ShippedTrail _trail = new();
    private string _folder = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The library names its files by the machine's own day.
    private string Today => Path.Combine(_folder, $"audit-{TimeProvider.System.GetLocalNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture)}.jsonl");

    public ValueTask InitializeAsync()
    {
        _folder = Path.Combine(_trail.File.Folder, "mirror");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _trail.DisposeAsync();

    [Fact]
    public async Task Every_event_is_a_line_once_and_in_order()
    {
        await _trail.AppendAsync(700);
        await ShipAsync();
        await _trail.ReachesAsync("mirror", 700);
        await _trail.AppendAsync(1);
        await _trail.ReachesAsync("mirror", 701);

        Assert.Equal(Enumerable.Range(1, 701).Select(each => (long)each), Sequences());
        using var first = JsonDocument.Parse(File.ReadLines(Today).First());
        Assert.Equal(("role.granted", "Ruth Okafor", "users/ada0000000000000"), (
            first.RootElement.GetProperty("type").GetString(), first.RootElement.GetProperty("actor_name").GetString(), first.RootElement.GetProperty("subject").GetString()));
    }

    [Fact]
    public async Task A_text_with_line_breaks_stays_in_its_line()
    {
        await _trail.Trail.AppendAsync(_trail.Event("one\r\n{\"seq\":99}\n\u001b[2J\0\u202e"));
        await ShipAsync();
        await _trail.ReachesAsync("mirror", 1);

        Assert.Equal([1], Sequences());
        Assert.All(await File.ReadAllBytesAsync(Today, Token), each => Assert.True(each is (>= 0x20 and < 0x7f) or (byte)'\n'));
    }

    [Fact]
    public async Task A_file_that_is_full_is_followed_by_another()
    {
        for (var round = 0; round < 5; round++)
        {
            await _trail.Trail.AppendAsync([.. Enumerable.Range(0, 100).Select(_ => _trail.Event(new string('x', 4000)))]);
        }

        await _trail.ShipAsync(_trail.Mirror(Path.Combine(_folder, "audit-.jsonl"), megabytes: 1));
        await _trail.ReachesAsync("mirror", 500);

        Assert.Equal(3, Files().Length);
        Assert.Equal(500, Sequences().Length);
    }

    [Fact]
    public async Task A_line_that_was_cut_is_ended_before_the_next_one()
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Today, """{"seq":0}""" + "\n" + """{"seq":1,"ti""", Token);
        await _trail.AppendAsync(2);
        await ShipAsync();
        await _trail.ReachesAsync("mirror", 2);

        Assert.Equal(["""{"seq":0}""", """{"seq":1,"ti"""], (await File.ReadAllLinesAsync(Today, Token)).Take(2));
        Assert.Equal([0, 1, 2], Sequences());
    }

    [Fact]
    public async Task A_full_disk_stops_nothing_and_loses_nothing()
    {
        Directory.CreateDirectory(_folder);
        File.CreateSymbolicLink(Today, "/dev/full");
        await _trail.AppendAsync(3);
        await ShipAsync();
        await _trail.FailsAsync("mirror", "No space left on device");
        await _trail.AppendAsync(300);
        Assert.Equal(0, _trail.Row("mirror").Position);
        Assert.Equal(1, _trail.Logged(3021));

        File.Delete(Today);
        await _trail.ReachesAsync("mirror", 303);

        Assert.Equal(Enumerable.Range(1, 303).Select(each => (long)each), Sequences());
        Assert.Equal(1, _trail.Logged(3022));
    }

    [Fact]
    public async Task A_small_disk_that_fills_up_and_gets_room_again_has_everything_in_the_end()
    {
        Directory.CreateDirectory(_folder);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", _folder), "Nothing may be mounted here.");
        try
        {
            await _trail.AppendAsync(100);
            await ShipAsync();
            await _trail.ReachesAsync("mirror", 100);
            await _trail.AppendAsync(2000);
            await _trail.FailsAsync("mirror", "No space left on device");
            var had = _trail.Row("mirror").Position;
            await _trail.AppendAsync(10);

            Assert.True(Run("mount", "-o", "remount,size=16m", _folder));
            await _trail.ReachesAsync("mirror", 2110);

            var come = Sequences();
            Assert.InRange(had, 100, 2000);
            Assert.Equal(Enumerable.Range(1, 2110).Select(each => (long)each), come.Distinct());
            Assert.True(come.Length < 2110 + 256 * 20, "More came twice than a piece a try.");
        }
        finally
        {
            await _trail.StopAsync();
            Run("umount", _folder);
        }
    }

    [Fact]
    public async Task A_disk_that_may_only_be_read_is_named()
    {
        Directory.CreateDirectory(_folder);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", _folder), "Nothing may be mounted here.");
        try
        {
            await _trail.AppendAsync(3);
            await ShipAsync();
            await _trail.FailsAsync("mirror", "Read-only file system");
            Assert.True(Run("mount", "-o", "remount,rw", _folder));
            await _trail.ReachesAsync("mirror", 3);
            Assert.Equal([1, 2, 3], Sequences());
        }
        finally
        {
            await _trail.StopAsync();
            Run("umount", _folder);
        }
    }

    [Fact]
    public async Task A_folder_that_was_taken_away_is_made_again_and_one_that_can_not_be_is_named()
    {
        await _trail.AppendAsync(2);
        await ShipAsync();
        await _trail.ReachesAsync("mirror", 2);
        Directory.Move(_folder, $"{_folder}.aside");
        await _trail.AppendAsync(2);
        await _trail.ReachesAsync("mirror", 4);
        Assert.Equal([3, 4], Sequences());

        Directory.Delete(_folder, recursive: true);
        await File.WriteAllTextAsync(_folder, "in the way", Token);
        await _trail.AppendAsync(2);
        await _trail.FailsAsync("mirror", "already exists");
        Assert.DoesNotContain(_folder, _trail.Row("mirror").Fault, StringComparison.Ordinal);
        Assert.Contains(_trail.Log.All, line => line.Contains(" 3021: ", StringComparison.Ordinal) && line.Contains(_folder, StringComparison.Ordinal));
        File.Delete(_folder);
        await _trail.ReachesAsync("mirror", 6);
        Assert.Equal([5, 6], Sequences());
    }

    [Fact]
    public async Task A_write_that_hangs_is_said_once_keeps_nothing_waiting_and_comes_on_when_it_comes_back()
    {
        MakePipe();
        await _trail.AppendAsync(3);
        await ShipByTheClockAsync();
        await _trail.FailsAsync("mirror", "a write to its file hasn't come back within 15 seconds");
        await _trail.AppendAsync(300);
        await TryAgainAsync();
        Assert.Equal((0, 1), (_trail.Row("mirror").Position, _trail.Logged(3021)));
        await _trail.StopAsync().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);

        // The write that hung belongs to a sink that is gone; this one hangs anew until somebody reads.
        var sink = await ShipByTheClockAsync();
        await TryAgainAsync();
        Assert.Equal((0, 1), (_trail.Row("mirror").Position, _trail.Logged(3021)));
        await ReleaseAsync();
        await _trail.ReachesAsync("mirror", 303, busy: () => sink.Files.Hang);

        Assert.Equal(Enumerable.Range(1, 303).Select(each => (long)each), Sequences());
        Assert.Equal(1, _trail.Logged(3022));
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_write_that_hangs()
    {
        MakePipe();
        await _trail.AppendAsync(3);
        await ShipByTheClockAsync();
        for (var tick = 0; tick < 5; tick++)
        {
            _trail.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
        }

        var row = _trail.Row("mirror");
        Assert.Equal((0, null), (row.Position, row.Fault));
        try
        {
            await _trail.StopAsync().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    [Fact]
    public async Task A_write_that_is_always_late_comes_on_without_writing_anything_twice()
    {
        using var gate = new SemaphoreSlim(0);
        await _trail.AppendAsync(5);
        var entries = await _trail.Db.ReadAsync(connection => TrailTable.Between(connection, 0, 5, types: null, 5), Token);
        var sink = _trail.Mirror(Path.Combine(_folder, "audit-.jsonl"), clock: _trail.Clock);
        sink.Files.Beginning = gate.Wait;

        await LateAsync(sink.TakeAsync([.. entries.Take(2)], Token));
        await Assert.ThrowsAsync<SinkException>(() => sink.TakeAsync(entries, Token));
        gate.Release();
        await WrittenAsync(2);
        await LateAsync(sink.TakeAsync(entries, Token));
        gate.Release();
        await WrittenAsync(5);
        gate.Release();
        await sink.TakeAsync(entries, Token);

        Assert.Equal([1, 2, 3, 4, 5], Sequences());

        async Task LateAsync(Task taking)
        {
            await _trail.Clock.TickUntilAsync(() => taking.IsCompleted);
            await Assert.ThrowsAsync<SinkException>(() => taking);
        }

        // Nothing waits for the write by then, so the clock may go on.
        async Task WrittenAsync(int count)
        {
            await _trail.Clock.TickUntilAsync(() => !sink.Files.Hang);
            Assert.Equal(count, Sequences().Length);
        }
    }

    private void MakePipe()
    {
        Directory.CreateDirectory(_folder);
        Assert.SkipUnless(Run("mkfifo", Today), "No pipe can be made here.");
    }

    /// <summary>Lets the sink be tried for some minutes.</summary>
    private async Task TryAgainAsync()
    {
        for (var minute = 0; minute < 20; minute++)
        {
            _trail.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
        }
    }

    /// <summary>Puts nothing in the pipe's place, and reads it until whoever waited to write to it has given up.</summary>
    private async Task ReleaseAsync()
    {
        File.Move(Today, $"{Today}.pipe");
        using var cat = Process.Start(new ProcessStartInfo("timeout", ["2", "cat", $"{Today}.pipe"]) { RedirectStandardOutput = true })!;
        await cat.StandardOutput.ReadToEndAsync(Token);
        await cat.WaitForExitAsync(Token);
        File.Delete($"{Today}.pipe");
    }

    private async Task<MirrorSink> ShipByTheClockAsync()
    {
        var sink = _trail.Mirror(Path.Combine(_folder, "audit-.jsonl"), clock: _trail.Clock);
        await _trail.ShipAsync(sink);
        return sink;
    }

    private Task ShipAsync() => _trail.ShipAsync(_trail.Mirror(Path.Combine(_folder, "audit-.jsonl")));

    private string[] Files() => [.. Directory.GetFiles(_folder).Order(StringComparer.Ordinal)];

    // What isn't JSON is what a cut has left.
    private long[] Sequences() => [.. Files().SelectMany(File.ReadLines).Where(line => line.EndsWith('}')).Select(line =>
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("seq").GetInt64();
    })];

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
