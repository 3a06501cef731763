using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>The statement for a query: which index is walked, from where, and what is checked on the way.</summary>
internal sealed partial class TrailSearch
{
    private readonly List<(string Name, object? Value)> _parameters = [];
    private readonly StringBuilder _where = new();
    private readonly string _source;
    private readonly string _order;
    private readonly string[] _branches = [];

    private TrailSearch(AuditQuery query, AuditCursor? before, int take, string? words)
    {
        Narrow(query);
        string[] types = NamesOf(query.Types);
        if (words is null)
        {
            var index = IndexFor(query);
            _source = $"audit_find f INDEXED BY {index}";
            _order = "f.time DESC, f.seq DESC";
            Before(query.To, before);
            if (types.Length > 1 && index.EndsWith("type", StringComparison.Ordinal))
            {
                _branches = types; // Each type in its own order: together they would have to be sorted, all of them for each page.
            }
        }
        else
        {
            _source = "audit_text CROSS JOIN audit_find f ON f.seq = audit_text.rowid";
            _order = "audit_text.rowid DESC";
            And("audit_text MATCH $words", ("$words", words));
            if (before is { } cursor)
            {
                And("audit_text.rowid < $seq", ("$seq", cursor.Sequence));
            }

            if (query.To is { } to)
            {
                And("f.time < $to", ("$to", Ceiling(to)));
            }
        }

        if (types.Length > 0 && _branches.Length == 0)
        {
            And(types.Length == 1 ? $"f.type = {types[0]}" : $"f.type IN ({string.Join(", ", types)})");
        }

        _parameters.Add(("$take", take));
    }

    /// <summary>What the query asks of an event but for its types, its end and its words, which are met in more than one way.</summary>
    private void Narrow(AuditQuery query)
    {
        Equal("actor", IdFingerprint.Of(query.Actor?.ToString()));
        Equal("subject", IdFingerprint.Of(query.Subject?.ToString()));
        Equal("session", IdFingerprint.Of(query.SessionId));
        // Literals, because SQLite uses an index of some outcomes only where the statement itself says that they are meant.
        if (query.Outcome is { } outcome)
        {
            And(outcome == AuditOutcome.Success ? "f.outcome = 0" : "f.outcome <> 0 AND f.outcome = $outcome", ("$outcome", (long)outcome));
        }

        if (query.From is { } from)
        {
            And("f.time >= $from", ("$from", Ceiling(from)));
        }
    }

    private string[] NamesOf(IReadOnlyList<string> types)
    {
        string[] names = [.. types.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"$type{i}"))];
        _parameters.AddRange(names.Zip(types, (name, type) => (name, (object?)type)));
        return names;
    }

    /// <summary>The statement's text.</summary>
    public string Statement => _branches.Length == 0
        ? $"SELECT {TrailTable.Columns}, f.time FROM {_source} CROSS JOIN audit_event e ON e.seq = f.seq{_where} ORDER BY {_order} LIMIT $take"
        : $"SELECT {TrailTable.Columns}, n.time FROM ({string.Join(" UNION ALL ", _branches.Select(NewestOf))}) n CROSS JOIN audit_event e ON e.seq = n.seq ORDER BY n.time DESC, n.seq DESC LIMIT $take";

    /// <summary>The search for a query; null when nothing can match: a text without a word.</summary>
    public static TrailSearch? For(AuditQuery query, AuditCursor? before, int take)
    {
        if (string.IsNullOrWhiteSpace(query.Text))
        {
            return new TrailSearch(query, before, take, null);
        }

        return IndexWords.Asking(query) is { } words ? new TrailSearch(query, before, take, words) : null;
    }

    /// <summary>The search as a command.</summary>
    public SqliteCommand On(SqliteConnection connection) => connection.Prepare(Statement, [.. _parameters]);

    /// <summary>
    /// The index with the fewest entries to walk, named because SQLite, which keeps no statistics here, would guess: a session or a
    /// user has few events, what didn't succeed is rare, and staff and type together are fewer than either.
    /// </summary>
    private static string IndexFor(AuditQuery query) => query switch
    {
        { SessionId: not null } => "audit_by_session",
        { Subject: not null } => "audit_by_subject",
        { Outcome: AuditOutcome.Denied or AuditOutcome.Failed, Actor: not null } => "audit_refused_by_actor",
        { Outcome: AuditOutcome.Denied or AuditOutcome.Failed, Types.Count: > 0 } => "audit_refused_by_type",
        { Outcome: AuditOutcome.Denied or AuditOutcome.Failed } => "audit_refused",
        { Actor: not null, Types.Count: > 0 } => "audit_by_actor_type",
        { Actor: not null } => "audit_by_actor",
        { Outcome: AuditOutcome.Success, Types.Count: > 0 } => "audit_done_by_type", // Some types never succeed.
        { Types.Count: > 0 } => "audit_by_type",
        _ => "audit_by_time",
    };

    private string NewestOf(string type) =>
        $"SELECT * FROM (SELECT f.seq, f.time FROM {_source}{_where}{(_where.Length == 0 ? " WHERE" : " AND")} f.type = {type} ORDER BY {_order} LIMIT $take)";

    /// <summary>
    /// The range's end and the cursor become one bound on the time, which the index is entered at. Two bounds, or a comparison of
    /// pairs, would make SQLite enter at the range's end and walk to the cursor: the later the page, the slower.
    /// </summary>
    private void Before(DateTimeOffset? to, AuditCursor? before)
    {
        var end = to is { } instant ? Ceiling(instant) : long.MaxValue;
        if (before is { } cursor && cursor.Time < end)
        {
            And("f.time <= $time AND (f.time < $time OR f.seq < $seq)",
                ("$time", cursor.Time), ("$seq", cursor.Sequence));
        }
        else if (to is not null)
        {
            And("f.time < $time", ("$time", end));
        }
    }

    /// <summary>A bound between two microseconds counts as the later: no event lies between.</summary>
    private static long Ceiling(DateTimeOffset instant) =>
        StoredTime.From(instant) + (instant.UtcTicks % TimeSpan.TicksPerMicrosecond == 0 ? 0 : 1);

    private void Equal(string column, object? value)
    {
        if (value is not null)
        {
            And($"f.{column} = ${column}", ($"${column}", value));
        }
    }

    private void And(string condition, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        _where.Append(_where.Length == 0 ? " WHERE " : " AND ").Append(condition);
        _parameters.AddRange(parameters);
    }
}
