using System.Runtime.CompilerServices;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;

namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>
/// Reads a session's entries as lines, in their order, with as much memory for ten thousand as for ten. It asks for nobody's duty:
/// people read at <see cref="SessionHistory"/>.
/// </summary>
internal sealed class SessionLines(AuditReader reader)
{
    /// <summary>Lines of one page.</summary>
    public const int PageLength = 100;

    private const int Batch = 500;

    private const int MostRefusals = 50;

    /// <summary>Walks through a session once and says what is there.</summary>
    public async Task<SessionOutline> OutlineAsync(string sessionId, AuditEntry? opened, AuditEntry? ended, CancellationToken cancellationToken)
    {
        var outline = new SessionOutline
        {
            SessionId = sessionId, Agent = opened?.Event.Actor ?? AuditActor.Unreadable, Opened = opened, Ended = ended, Until = long.MaxValue,
        };
        outline = await WalkAsync(outline, cancellationToken);
        if (outline.NeverAnswered.Count > 0)
        {
            // Only at the end is it known which questions have no answer; with that, their lines stand where they were asked.
            outline = await WalkAsync(outline, cancellationToken);
        }

        return outline.Agent.Id == AuditActor.Unreadable.Id || opened is null ? outline : await WithRefusalsAsync(outline, opened, cancellationToken);
    }

    /// <summary>One page of lines; the first is 1.</summary>
    public async Task<IReadOnlyList<SessionLine>> PageAsync(SessionOutline outline, int page, CancellationToken cancellationToken)
    {
        List<SessionLine> lines = [];
        if (page >= 1 && page <= outline.Starts.Count)
        {
            await foreach (var line in FromAsync(outline, outline.Starts[page - 1], null, cancellationToken))
            {
                lines.Add(line);
                if (lines.Count == PageLength)
                {
                    break;
                }
            }
        }

        return lines;
    }

    /// <summary>All lines, one after the other.</summary>
    public IAsyncEnumerable<SessionLine> AllAsync(SessionOutline outline, CancellationToken cancellationToken) =>
        FromAsync(outline, new PageStart(0, []), null, cancellationToken);

    private async Task<SessionOutline> WalkAsync(SessionOutline known, CancellationToken cancellationToken)
    {
        var walk = new Walk(known.NeverAnswered);
        await foreach (var line in FromAsync(known, new PageStart(0, []), walk, cancellationToken))
        {
            walk.Count(line);
        }

        return walk.End(known);
    }

    private async IAsyncEnumerable<SessionLine> FromAsync(
        SessionOutline outline, PageStart start, Walk? walk, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var fold = walk?.Fold ?? new LineFold(outline.NeverAnswered, start.Waiting);
        long? after = start.After;
        while (after is { } from)
        {
            (var entries, after) = await reader.SessionEntriesAsync(outline.SessionId, from, Batch, cancellationToken);
            foreach (var entry in entries)
            {
                if (entry.Sequence > outline.Until)
                {
                    yield break;
                }

                walk?.Pass(entry);
                if (fold.Add(entry) is { } line)
                {
                    yield return line;
                }
            }
        }
    }

    private async Task<SessionOutline> WithRefusalsAsync(SessionOutline outline, AuditEntry opened, CancellationToken cancellationToken)
    {
        var refused = await reader.ReadAsync(
            new AuditQuery
            {
                Actor = outline.Staff,
                Types = [AuditEventTypes.PolicyDenied],
                From = (outline.Requested ?? opened).Event.At,
                To = outline.Ended?.Event.At.AddTicks(1),
            },
            null, MostRefusals, cancellationToken);
        return outline with { Refusals = [.. refused.Entries.Reverse()], MoreRefusals = refused.Next is not null };
    }

    /// <summary>What is kept of a walk through all entries.</summary>
    private sealed class Walk(IReadOnlySet<long> neverAnswered)
    {
        private readonly List<PageStart> _starts = [];
        private long _lines, _reads, _refused, _failed, _unanswered, _damaged, _last;
        private PageStart _here = new(0, []);
        private AuditEntry? _requested;

        public LineFold Fold { get; } = new(neverAnswered, []);

        public void Pass(AuditEntry entry)
        {
            if (_lines % PageLength == 0)
            {
                _here = new PageStart(_last, Fold.Waiting); // Where the page would begin whose first line this entry may end.
            }

            _last = entry.Sequence;
            if (entry is { IsDamaged: false, Event.Type: AuditEventTypes.SessionRequested })
            {
                _requested ??= entry;
            }
        }

        public void Count(SessionLine line)
        {
            if (_lines % PageLength == 0)
            {
                _starts.Add(_here);
            }

            _lines++;
            _damaged += line.State == LineState.Damaged ? 1 : 0;
            if (line.IsRead)
            {
                _reads++;
                _refused += line.State == LineState.Refused ? 1 : 0;
                _failed += line.State == LineState.Failed ? 1 : 0;
                _unanswered += line.State == LineState.Unanswered ? 1 : 0;
            }
        }

        public SessionOutline End(SessionOutline known) => known with
        {
            Requested = _requested, Lines = _lines, Reads = _reads, Refused = _refused, Failed = _failed, Unanswered = _unanswered, Damaged = _damaged, Starts = _starts,
            NeverAnswered = neverAnswered.Count > 0 ? neverAnswered : Fold.Unanswered.ToHashSet(), Until = _last,
        };
    }
}
