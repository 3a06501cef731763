using System.Collections.Immutable;
using SupportConsole.Access;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Audit.Exporting;

/// <summary>
/// The exports that go out of this process, and for a while those that did; tells windows whose begins. It is memory alone: after a restart
/// there is none to go on with.
/// </summary>
internal sealed class ExportFeed(ILogger<ExportFeed> logger, TimeProvider clock) : Feed<StaffId>(logger, clock)
{
    /// <summary>How many that have ended are remembered for each person.</summary>
    public const int MostEnded = 5;

    /// <summary>How long one that has ended is remembered.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(15);

    private readonly TimeProvider _clock = clock;
    private ImmutableList<ExportProgress> _all = [];

    /// <summary>Somebody's, the newest first.</summary>
    public IReadOnlyList<ExportProgress> Of(StaffId who) => [.. Remembering(_all).Where(export => export.Who == who).Reverse()];

    /// <summary>Takes one up, tells that person's windows, and forgets what is old.</summary>
    public Task BeginAsync(ExportProgress export)
    {
        ImmutableInterlocked.Update(ref _all, all => Remembering(all.Add(export)));
        return PublishAsync(export.Who);
    }

    /// <summary>Forgets one: its person has seen how it ended.</summary>
    public void Forget(ExportProgress export) => ImmutableInterlocked.Update(ref _all, all => all.Remove(export));

    private ImmutableList<ExportProgress> Remembering(ImmutableList<ExportProgress> all)
    {
        var since = _clock.GetUtcNow() - Remembered;
        var ended = all.Select(export => (Export: export, export.End)).Where(one => one.End is not null).OrderBy(one => one.End!.At).ToArray();
        var old = ended.Where(one => one.End!.At <= since).Concat(ended.GroupBy(one => one.Export.Who).SelectMany(own => own.SkipLast(MostEnded)));
        return all.RemoveRange(old.Select(one => one.Export).Distinct());
    }
}
