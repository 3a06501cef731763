using SupportConsole.Core.Audit;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Proving;

/// <summary>
/// The disk fails at each write and each sync of appends in turn: what was acknowledged is there, what wasn't may be, the tree that was
/// written with it is right, and the trail goes on once the disk does.
/// </summary>
public sealed class FailingDiskTests : IAsyncLifetime
{
    /// <summary>More than any of the appends below takes.</summary>
    private const int Moments = 40;

    private readonly ProvenLog _log = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_acknowledged_is_there_and_the_tree_stands(bool staysFull)
    {
        // Up to the edge of a tile, so that some of the failing appends write tiles of two levels.
        await _log.AppendAsync(250);
        using var disk = new FailingDisk(Path.GetDirectoryName(_log.File)!);
        await _log.RestartAsync();
        List<long> acknowledged = [];
        var refused = 0;
        for (var moment = 0; moment < Moments; moment++)
        {
            disk.FailAfter(moment, staysFull);
            for (var each = 0; each < 3; each++)
            {
                try
                {
                    acknowledged.AddRange((await _log.Trail.AppendAsync([_log.Event($"{moment} {each}"), _log.Event(new string('x', 9000))])).Select(entry => entry.Sequence));
                }
                catch (NotWrittenException refusal)
                {
                    Assert.True(refusal.Reason is NotWrittenReason.DiskFull or NotWrittenReason.Disk, $"{moment}: {refusal.Reason}");
                    refused++;
                }
            }

            disk.Heal();
            acknowledged.Add((await HealedAsync()).Sequence);
        }

        Assert.True(disk.Faults > 5 && refused > 5, $"Only {disk.Faults} faults, and {refused} refusals.");
        Assert.Equal(acknowledged.Distinct().Order(), acknowledged);
        var verdict = await _log.VerifyAsync();
        Assert.Empty(verdict.Faults);
        Assert.True(verdict.Size >= acknowledged[^1]);
        await _log.Checkpoints.MakeAsync();
        await _log.RestartAsync();
        Assert.Equal((true, 1), ((await _log.VerifyAsync()).IsGood, (await _log.VerifyAsync()).Checkpoints));
    }

    /// <summary>The first append after it may still be refused: the writer has yet to open the database again.</summary>
    private async Task<AuditEntry> HealedAsync()
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await _log.Trail.AppendAsync(_log.Event("healed"));
            }
            catch (NotWrittenException) when (tries < 10)
            {
            }
        }
    }
}
