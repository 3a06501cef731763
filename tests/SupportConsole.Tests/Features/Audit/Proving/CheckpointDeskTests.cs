using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Hosting;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Proving;

public sealed class CheckpointDeskTests : IAsyncLifetime
{
    private readonly ProvenLog _log = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task A_checkpoint_is_signed_over_all_events_and_lies_in_the_folder()
    {
        Assert.Null(await _log.Checkpoints.MakeAsync());
        await _log.AppendAsync(300);

        var made = await _log.Checkpoints.MakeAsync();
        var again = await _log.Checkpoints.MakeAsync();

        Assert.Equal((300, made!.Text), (made.Size, again!.Text));
        var file = Assert.Single(_log.CheckpointFiles());
        Assert.Equal("0000000000000300.checkpoint", Path.GetFileName(file));
        Assert.Equal("2030-01", Path.GetFileName(Path.GetDirectoryName(file)));
        Assert.Equal(made.Text, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(made.Text, await File.ReadAllTextAsync(Path.Combine(_log.Folder.Path, "latest.checkpoint"), TestContext.Current.CancellationToken));
        var key = Assert.Single((await _log.Folder.ReadKeysAsync())!);
        Assert.True(NoteSigner.IsSigned(made.Note!, [key]));
        Assert.True(Checkpoint.TryRead(made.Note!.Text, out var checkpoint));
        Assert.Equal((checkpoint.Origin, 300), (key.Name, checkpoint.Size));
        Assert.Contains(_log.Log.All, line => line.Contains(checkpoint.Root.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_key_is_nobody_elses_and_in_no_log()
    {
        await _log.AppendAsync(1);
        await _log.Checkpoints.MakeAsync();

        var secret = (await File.ReadAllTextAsync(_log.Keys.File, TestContext.Current.CancellationToken)).Trim();
        Assert.StartsWith("PRIVATE+KEY+support-console/", secret, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Log.All, line => line.Contains(secret.Split('+', 5)[^1][..20], StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_log.Keys.File));
        }
    }

    [Fact]
    public async Task A_new_key_signs_beside_the_old_one_until_that_one_is_taken_away()
    {
        await _log.AppendAsync(1);
        var alone = await _log.Checkpoints.MakeAsync();
        var old = (await _log.Folder.ReadKeysAsync())!.Single();

        _log.Keys.Add(old.Name);
        await _log.AppendAsync(1);
        var both = await _log.Checkpoints.MakeAsync();
        _log.Keys.KeepNewest();
        await _log.AppendAsync(1);
        var one = await _log.Checkpoints.MakeAsync();

        var young = (await _log.Folder.ReadKeysAsync())!.Single(key => key != old);
        Assert.Equal([1, 2, 1], new[] { alone!, both!, one! }.Select(each => each.Note!.Signatures.Length));
        Assert.True(NoteSigner.IsSigned(both!.Note!, [old]) && NoteSigner.IsSigned(both.Note!, [young]));
        Assert.False(NoteSigner.IsSigned(one!.Note!, [old]));
        Assert.True(NoteSigner.IsSigned(one.Note!, [young]));
        Assert.True((await _log.VerifyAsync()).IsGood);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lost_key_signs_nothing_until_somebody_says_so(bool isExchanged)
    {
        await _log.AppendAsync(1);
        await _log.Checkpoints.MakeAsync();
        var name = (await _log.Folder.ReadKeysAsync())!.Single().Name;
        File.Delete(_log.Keys.File);
        if (isExchanged)
        {
            _log.Keys.MakeFirst(name);
        }

        await _log.AppendAsync(1);
        var refusal = await Assert.ThrowsAsync<SigningKeyException>(_log.Checkpoints.MakeAsync);
        Assert.Contains("replace-key --lost", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(" /", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("audit-signing.key", refusal.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, _log.Checkpoints.Newest()!.Size);

        await _log.Checkpoints.GiveUpKeysAsync();
        _log.Keys.Add(name);
        Assert.Equal(2, (await _log.Checkpoints.MakeAsync())!.Size);
        Assert.True((await _log.VerifyAsync()).IsGood);
    }

    [Fact]
    public async Task What_couldnt_be_published_is_as_soon_as_the_folder_is_back()
    {
        await _log.AppendAsync(1);
        Directory.CreateDirectory(Path.GetDirectoryName(_log.Folder.Path)!);
        await File.WriteAllTextAsync(_log.Folder.Path, "in the way", TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<CheckpointFolderException>(_log.Checkpoints.MakeAsync);
        Assert.DoesNotContain(_log.Folder.Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("(Audit:CheckpointFolder)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(_log.Folder.Path, refusal.ToString(), StringComparison.Ordinal);
        await _log.AppendAsync(1);
        await Assert.ThrowsAsync<CheckpointFolderException>(_log.Checkpoints.MakeAsync);

        File.Delete(_log.Folder.Path);
        await _log.Checkpoints.MakeAsync();
        Assert.Equal(["0000000000000001.checkpoint", "0000000000000002.checkpoint"], _log.CheckpointFiles().Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_folder_that_hangs_holds_up_neither_signing_nor_verifying_and_gets_everything_when_it_answers_again()
    {
        using var gate = new SemaphoreSlim(0);
        await _log.AppendAsync(1);
        _log.Folder.Files.Beginning = gate.Wait;

        var making = _log.Checkpoints.MakeAsync();
        await _log.Clock.TickUntilAsync(() => making.IsCompleted);
        var refusal = await Assert.ThrowsAsync<CheckpointFolderException>(() => making);
        Assert.Contains("(Audit:CheckpointFolder) can't be used: an access hasn't come back within 15 seconds", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Folder.Path, refusal.Message, StringComparison.Ordinal);
        await _log.AppendAsync(1);
        await Assert.ThrowsAsync<CheckpointFolderException>(_log.Checkpoints.MakeAsync);
        Assert.Equal(2, _log.Checkpoints.Newest()!.Size);
        Assert.Contains((await _log.VerifyAsync()).Faults, fault => fault.Kind == TrailFaultKind.Unreadable && fault.Text == refusal.Message);
        var ready = await HealthAsync();
        Assert.Equal((HealthStatus.Degraded, refusal.Message), (ready.Status, ready.Description));

        _log.Folder.Files.Beginning = null;
        gate.Release();
        await _log.Clock.TickUntilAsync(() => !_log.Folder.Files.Hang);
        await _log.Checkpoints.MakeAsync();

        Assert.Equal(["0000000000000001.checkpoint", "0000000000000002.checkpoint"], _log.CheckpointFiles().Select(Path.GetFileName));
        Assert.True((await _log.VerifyAsync()).IsGood);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync()).Status);
    }

    /// <summary>A slow share with the files of years takes long to read, and answers all the while.</summary>
    [Fact]
    public async Task A_folder_of_many_files_is_read_in_pieces_that_each_have_the_limit()
    {
        var (files, accesses) = (120, 0);
        var month = Directory.CreateDirectory(Path.Combine(_log.Folder.Path, "2029-01"));
        for (var size = 1; size <= files; size++)
        {
            await File.WriteAllTextAsync(Path.Combine(month.FullName, $"{size:d16}.checkpoint"), "no checkpoint", TestContext.Current.CancellationToken);
        }

        _log.Folder.Files.Beginning = () => accesses++;

        Assert.Equal(Enumerable.Range(1, files).Select(size => (long)size), (await _log.Folder.ReadAsync(newestOnly: false)).Select(found => found.Size));
        Assert.Equal(4, accesses);
        Assert.Equal([(long)files], (await _log.Folder.ReadAsync(newestOnly: true)).Select(found => found.Size));
    }

    [Fact]
    public async Task A_folder_that_hangs_is_said_once_and_that_it_is_over_once()
    {
        using var gate = new SemaphoreSlim(0);
        _log.Options.CheckpointMinutes = 1;
        await _log.AppendAsync(1);
        await _log.Keeper.StartAsync(TestContext.Current.CancellationToken);
        await _log.Clock.TickUntilAsync(() => _log.Checkpoints.Newest() is { IsPublished: true }, busy: () => _log.Folder.Files.Hang);
        await _log.AppendAsync(1);
        _log.Folder.Files.Beginning = gate.Wait;
        await _log.Clock.TickUntilAsync(() => Logged(3011) > 0);
        for (var minute = 0; minute < 5; minute++)
        {
            _log.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Equal((1, 0, 2), (Logged(3011), Logged(3019), _log.Checkpoints.Newest()!.Size));
        _log.Folder.Files.Beginning = null;
        gate.Release();
        await _log.Clock.TickUntilAsync(() => Logged(3019) > 0, busy: () => _log.Folder.Files.Hang);
        await _log.Keeper.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1, 1, 2), (Logged(3011), Logged(3019), _log.CheckpointFiles().Length));

        int Logged(int number) => _log.Log.All.Count(line => line.Contains($" {number}: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_published_checkpoint_is_never_overwritten_by_another_log()
    {
        await _log.AppendAsync(5);
        await _log.Checkpoints.MakeAsync();
        var before = await File.ReadAllTextAsync(_log.CheckpointFiles().Single(), TestContext.Current.CancellationToken);
        await using var other = new ProvenLog();
        other.Options.CheckpointFolder = _log.Folder.Path;
        other.Start();
        await other.AppendAsync(5);

        await Assert.ThrowsAsync<CheckpointTakenException>(other.Checkpoints.MakeAsync);

        Assert.Equal(before, await File.ReadAllTextAsync(_log.CheckpointFiles().Single(), TestContext.Current.CancellationToken));
    }

    private Task<HealthCheckResult> HealthAsync() =>
        new CheckpointHealth(_log.Checkpoints, _log.Clock).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
}
