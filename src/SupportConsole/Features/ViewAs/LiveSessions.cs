using System.Collections.Concurrent;
using SupportConsole.Core.Staff;
using SupportConsole.Core.ViewAs;

namespace SupportConsole.Features.ViewAs;

/// <summary>The live sessions of this console: one an agent, in memory only, gone with the process.</summary>
internal sealed class LiveSessions(SessionFeed changes)
{
    private readonly ConcurrentDictionary<string, (LiveSession Live, Place Place)> _live = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<StaffId, Place> _places = new();

    /// <summary>Tells which session has begun or ended.</summary>
    public SessionFeed Changes { get; } = changes;

    /// <summary>Every live session, newest first.</summary>
    public IReadOnlyList<ViewAsSession> All() => [.. _live.Values.Select(seated => seated.Live.Session).OrderByDescending(s => s.StartedAt)];

    /// <summary>The agent's live session; null when there is none.</summary>
    public LiveSession? Of(StaffId staff) => _live.Values.FirstOrDefault(seated => seated.Live.Session.Staff == staff).Live;

    /// <summary>A live session by its id; null when it has ended or never was.</summary>
    public LiveSession? Find(string id) => _live.TryGetValue(id, out var seated) ? seated.Live : null;

    /// <summary>
    /// Takes the agent's one place before anything is asked of PocketBase, so that fifty clicks at once open one session.
    /// Null when the place is taken.
    /// </summary>
    internal Place? TryTakePlace(StaffId staff)
    {
        var place = new Place(this, staff);
        return _places.TryAdd(staff, place) ? place : null;
    }

    /// <summary>
    /// Takes a session out and closes it: whoever gets true is the one who ended it, and records why.
    /// </summary>
    internal bool TryEnd(string id, out LiveSession live)
    {
        var isLive = _live.TryRemove(id, out var seated);
        live = seated.Live;
        if (isLive)
        {
            live.Close();
            GiveBack(seated.Place);
        }

        return isLive;
    }

    // This very place: by then the agent may have taken another.
    private void GiveBack(Place place) => _places.TryRemove(KeyValuePair.Create(place.Staff, place));

    /// <summary>An agent's place. Whoever took it fills it or gives it back, and nobody else does.</summary>
    internal sealed class Place(LiveSessions sessions, StaffId staff) : IDisposable
    {
        private bool _isFilled;

        /// <summary>Whose it is.</summary>
        public StaffId Staff { get; } = staff;

        /// <summary>Leaves the place to a session, which gives it back at its end.</summary>
        public void Fill(LiveSession live)
        {
            _isFilled = true;
            sessions._live[live.Session.Id] = (live, this);
        }

        /// <summary>Gives it back when no session came about.</summary>
        public void Dispose()
        {
            if (!_isFilled)
            {
                sessions.GiveBack(this);
            }
        }
    }
}
