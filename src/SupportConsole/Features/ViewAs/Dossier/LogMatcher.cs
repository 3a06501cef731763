using System.Text.RegularExpressions;
using SupportConsole.Core.Audit;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>
/// Lays PocketBase's log of a session beside its reads, one line after the other: which read each line belongs to, which are the console's
/// own, and which nobody can explain. It decides by what a request asked for and when, on clocks that may differ.
/// </summary>
internal sealed partial class LogMatcher
{
    /// <summary>Unexpected lines that are kept; beyond them they are only counted.</summary>
    public const int MostUnexpected = 200;

    // Clocks to the second, and the way there and back.
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(5);

    // No read waits longer for PocketBase, with all it asks for.
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    private static readonly Comparer<Awaited> s_byEnd = Comparer<Awaited>.Create((one, other) => one.To.CompareTo(other.To));

    // What PocketBase itself serves: whatever else answers there is the app's, or the companion hook's.
    private static readonly string[] s_api = ["collections", "batch", "sql", "settings", "files", "backups", "realtime", "crons", "logs", "health", "oauth2-redirect"];

    // A read that counts all collections asks each of them for one record.
    private const string Counting = "count";

    private readonly SessionOutline _outline;
    private readonly AuditSubject? _subject;
    private readonly string _asUser;
    private readonly string _mark;
    private readonly Dictionary<string, List<Awaited>> _reads = new(StringComparer.Ordinal);
    private readonly List<Awaited> _all = [];
    private readonly Dictionary<string, int> _own = [];
    private readonly List<UnexpectedRequest> _unexpected = [];
    private TimeSpan _ahead;
    private bool _follows;
    private int _probes, _impersonations, _lines, _unexpectedCount;

    /// <param name="outline">The session.</param>
    /// <param name="caller">The session's agent, as its requests name them.</param>
    public LogMatcher(SessionOutline outline, Caller caller)
    {
        _outline = outline;
        _subject = outline.Purpose?.Subject;
        _asUser = caller.AsUserAgent();
        _mark = $"; session {caller.SessionId}; actor {caller.ActorHash})";
    }

    /// <summary>Awaits the requests of a read.</summary>
    public void Await(SessionLine read)
    {
        if (!read.HasRequest)
        {
            _follows |= read.Type == AuditEventTypes.RecordsFollowed;
            return;
        }

        var awaited = new Awaited(read.Entry.Sequence, read.State, read.From - s_slack, read.To + s_slack) { IsRefusable = read.IsQuestionOfAccess };
        _all.Add(awaited);
        foreach (var key in KeysOf(read))
        {
            var others = _reads.TryGetValue(key, out var known) ? known : _reads[key] = [];
            var place = others.Count;
            while (place > 0 && others[place - 1].To > awaited.To)
            {
                place--; // Only where a clock was set back.
            }

            others.Insert(place, awaited);
        }
    }

    /// <summary>Takes the next line of the log.</summary>
    public void Take(RequestLogLine line)
    {
        _lines++;
        if (WhyUnexpected(line) is { } why)
        {
            _unexpectedCount++;
            if (_unexpected.Count < MostUnexpected)
            {
                _unexpected.Add(new UnexpectedRequest(line, why));
            }
        }
    }

    /// <summary>What it came to.</summary>
    public LogComparison End(DateTimeOffset now)
    {
        var expected = _all.Where(read => read.State is LineState.Done or LineState.Refused).ToList();
        return new LogComparison
        {
            At = now,
            Matches = _all.Where(read => read.Match is not null).ToDictionary(read => read.Sequence, read => read.Match!),
            Expected = expected.Count,
            Missing = expected.Count(read => read.Match is null),
            Different = _all.Count(read => read.Match?.Difference is not null),
            Unexpected = _unexpected,
            UnexpectedCount = _unexpectedCount,
            Own = [.. _own.Select(own => (own.Key, own.Value))],
            Lines = _lines,
        };
    }

    private string? WhyUnexpected(RequestLogLine line)
    {
        if (line.UserAgent == _asUser)
        {
            return WhyUnexpectedAsUser(line);
        }

        return line.UserAgent.EndsWith(_mark, StringComparison.Ordinal) && UseIn().Match(line.UserAgent[..^_mark.Length]) is { Success: true } use
            ? WhyUnexpectedAsSuperuser(line, use.Groups["use"].Value)
            : "it bears the session's mark, and isn't signed as the console signs its requests for this agent";
    }

    private string? WhyUnexpectedAsUser(RequestLogLine line)
    {
        var at = line.At - _ahead;
        if (line is { Method: "POST", Path: "/api/files/token" })
        {
            return After(at) ?? Own("Proof that the token lives (POST /api/files/token)");
        }

        // The line of a connection is written when it closes, which is as the session ends, or after.
        if (_follows && line is { Method: "GET" or "POST", Path: "/api/realtime" })
        {
            return Own($"Changes, followed live ({line.Method} /api/realtime)");
        }

        if (!IsApi(line.Path))
        {
            return After(at) ?? Own($"The companion hook, or a route of the app ({line.Method} {line.Path})");
        }

        // Refused by the hook, as it must be: a deletion of what can't exist.
        if (line is { Method: "DELETE", Status: 403 } && line.Path.Contains($"/records/{CompanionScript.Nobody}", StringComparison.Ordinal))
        {
            return Own("The opening's self-test of the companion hook (DELETE of a record that can't exist, refused)");
        }

        if (line.Method is not ("GET" or "HEAD"))
        {
            return $"a view-as session only reads, and this is a {line.Method}";
        }

        if (After(at) is { } late)
        {
            return late;
        }

        // Two, that differ in nothing but their length, before the session is open: would a cache take one for the other?
        if (line.Parameters is { Count: 4 } asked && asked.GetValueOrDefault("fields") == "id" && asked.GetValueOrDefault("perPage") is "1" or "2"
            && _probes < 2 && (_outline.Opened is null || at <= _outline.Opened.Event.At + s_slack) && RecordsPath().IsMatch(line.Path))
        {
            _probes++;
            return Own("The opening's probe for a cache (GET …/records of 1 and 2 ids)");
        }

        return Find(line, at) is { } read ? Join(read, line) : "the trail has no read that it could belong to";
    }

    private string? WhyUnexpectedAsSuperuser(RequestLogLine line, string use)
    {
        if (line.Method == "POST" && _subject is { } user && line.Path == $"/api/collections/{user.Collection}/impersonate/{user.Id}")
        {
            if (++_impersonations > 1 && line.Status is >= 200 and < 300)
            {
                return "a second token was made under this session's name";
            }

            Synchronise(line.At);
            return Own($"The token made for the session (POST …/impersonate/{user.Id})");
        }

        if (line.Method is "GET" or "HEAD" || line.Path == "/api/files/token" || !IsApi(line.Path))
        {
            return Own($"As superuser, to {use} ({line.Method} {line.Path})");
        }

        return $"it changes something with superuser rights: {line.Method}";
    }

    private string? After(DateTimeOffset at) =>
        _outline.Ended is { } ended && at > ended.Event.At + s_slack ? "it came after the session's end" : null;

    private string? Own(string what)
    {
        _own[what] = _own.GetValueOrDefault(what) + 1;
        return null;
    }

    /// <summary>The token was made between two entries of the trail: by so much as it seems not to have been, the clocks differ.</summary>
    private void Synchronise(DateTimeOffset made)
    {
        if (_outline.Opened is { } opened)
        {
            var asked = (_outline.Requested ?? opened).Event.At;
            _ahead = made < asked ? made - asked : made > opened.Event.At ? made - opened.Event.At : TimeSpan.Zero;
        }
    }

    /// <summary>The first read that still lacks a line, else one that has just taken its first and may take more than one.</summary>
    private Awaited? Find(RequestLogLine line, DateTimeOffset at)
    {
        Awaited? again = null;
        foreach (var key in KeysOf(line))
        {
            if (!_reads.TryGetValue(key, out var reads))
            {
                continue;
            }

            // In the order of their ends, as the trail has them: the first that wasn't over by then, and those soon after it.
            var first = reads.BinarySearch(new Awaited(0, LineState.Done, at, at), s_byEnd);
            for (var i = first < 0 ? ~first : first; i < reads.Count && reads[i].To - at < s_longest; i++)
            {
                if (reads[i].From <= at && reads[i].Match is null)
                {
                    return reads[i];
                }

                again ??= reads[i].From <= at ? reads[i] : null;
            }
        }

        return again;
    }

    private string? Join(Awaited read, RequestLogLine line)
    {
        var difference = read.State != LineState.Done ? null
            : line.Status is < 200 or >= 300 && !(read.IsRefusable && line.Status is 403 or 404) ? $"PocketBase answered {line.Status}"
            : !IsFile(line) && line.Auth != (_subject?.Collection ?? line.Auth) ? $"PocketBase answered {(line.Auth.Length == 0 ? "a guest" : $"a token of {line.Auth}")}"
            : null;
        read.Match = read.Match is { } first
            ? first with { Requests = first.Requests + 1, Difference = first.Difference ?? difference }
            : new ReadMatch(line.At, line.Status, 1, difference);
        return null;
    }

    // What a read of a kind that isn't known here asked for can't be told: anything of its collection may be its.
    private static IEnumerable<string> KeysOf(SessionLine read) => (read.Type, read.Entry.Event.Target) switch
    {
        (AuditEventTypes.RecordsListed, { } target) => [$"list {target.Collection}"],
        (AuditEventTypes.RecordViewed, { RecordIds: [var id] } target) => [$"record {target.Collection}/{id}"],
        (AuditEventTypes.ReachViewed, _) => [Counting],
        (_, { } target) => [$"any {target.Collection}", .. target.RecordIds.Select(id => $"file {id}")],
        _ => [],
    };

    private static IEnumerable<string> KeysOf(RequestLogLine line)
    {
        if (RecordsPath().Match(line.Path) is { Success: true } records)
        {
            var (collection, id) = (records.Groups["collection"].Value, records.Groups["id"]);
            return id.Success
                ? [$"record {collection}/{id.Value}", $"any {collection}"]
                : [$"list {collection}", $"any {collection}", .. line.Parameters.GetValueOrDefault("perPage") == "1" ? [Counting] : Array.Empty<string>()];
        }

        return FilePath().Match(line.Path) is { Success: true } file ? [$"file {file.Groups["id"].Value}", $"any {file.Groups["collection"].Value}"] : [];
    }

    // A file's token stands in its address, and PocketBase logs whoever sends one there as a guest.
    private static bool IsFile(RequestLogLine line) => FilePath().IsMatch(line.Path);

    private static bool IsApi(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries) is not ["api", var first, ..] || s_api.Contains(first, StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"^SupportConsole/1\.0 \((?<use>[a-z][a-z-]*)$")]
    private static partial Regex UseIn();

    [GeneratedRegex("^/api/collections/(?<collection>[^/]+)/records(/(?<id>.+))?$")]
    private static partial Regex RecordsPath();

    [GeneratedRegex("^/api/files/(?<collection>[^/]+)/(?<id>[^/]+)/[^/]+$")]
    private static partial Regex FilePath();

    private sealed class Awaited(long sequence, LineState state, DateTimeOffset from, DateTimeOffset to)
    {
        public long Sequence { get; } = sequence;

        public LineState State { get; } = state;

        public DateTimeOffset From { get; } = from;

        public DateTimeOffset To { get; } = to;

        /// <summary>Whether a refusal is an answer too.</summary>
        public bool IsRefusable { get; init; }

        public ReadMatch? Match { get; set; }
    }
}
