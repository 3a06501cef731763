using System.Collections.Concurrent;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;

namespace SupportConsole.Features.ViewAs;

/// <summary>The live sessions of this console: one an agent, in memory only, gone with the process.</summary>
internal sealed class LiveSessions(SessionFeed changes)
{
    private readonly ConcurrentDictionary<string, LiveSession> _live = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<StaffId, byte> _taken = new();

    /// <summary>Tells which session has begun or ended.</summary>
    public SessionFeed Changes { get; } = changes;

    /// <summary>Every live session, newest first.</summary>
    public IReadOnlyList<ViewAsSession> All() => [.. _live.Values.Select(live => live.Session).OrderByDescending(s => s.StartedAt)];

    /// <summary>The agent's live session; null when there is none.</summary>
    public LiveSession? Of(StaffId staff) => _live.Values.FirstOrDefault(live => live.Session.Staff == staff);

    /// <summary>A live session by its id; null when it has ended or never was.</summary>
    public LiveSession? Find(string id) => _live.GetValueOrDefault(id);

    /// <summary>
    /// Takes the agent's one place before anything is asked of PocketBase, so that fifty clicks at once open one session.
    /// False when the place is taken.
    /// </summary>
    internal bool TryTakePlace(StaffId staff) => _taken.TryAdd(staff, 0);

    /// <summary>Gives the place back when the session didn't come about.</summary>
    internal void GiveBackPlace(StaffId staff) => _taken.TryRemove(staff, out _);

    /// <summary>Fills the place taken before.</summary>
    internal void Add(LiveSession live) => _live[live.Session.Id] = live;

    /// <summary>
    /// Takes a session out and closes it: whoever gets true is the one who ended it, and records why.
    /// </summary>
    internal bool TryEnd(string id, out LiveSession live)
    {
        if (!_live.TryRemove(id, out live!))
        {
            return false;
        }

        live.Close();
        GiveBackPlace(live.Session.Staff);
        return true;
    }
}
