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
        // Literals, because SQLite uses an index of some outcomes only where the statement itself says that they are meant.
        var outcomes = query.Outcomes;
        string[] ended = [.. outcomes.Select(outcome => string.Create(CultureInfo.InvariantCulture, $"f.outcome = {(int)outcome}"))];
        switch (outcomes)
        {
            case [AuditOutcome.Success]:
                And("f.outcome = 0");
                break;
            case [not AuditOutcome.Success, ..]:
                And("f.outcome <> 0");
                break;
            case [_, _]:
                And($"({string.Join(" OR ", ended)})");
                break;
        }

        string[] happened = [.. NamesOf(query.Types).Select(type => $"f.type = {type}")];
        var refused = outcomes is [not AuditOutcome.Success, ..];
        if (words is null)
        {
            var index = IndexFor(query, outcomes);
            _source = $"audit_find f INDEXED BY {index}";
            _order = "f.time DESC, f.seq DESC";
            Before(query.To, before);
            // Each in its own order: together they would have to be sorted, all of them for each page.
            string[] byType = happened.Length > 1 && index.EndsWith("type", StringComparison.Ordinal) ? happened : [""];
            string[] byOutcome = ended.Length > 1 && index.StartsWith("audit_refused", StringComparison.Ordinal) ? ended : [""];
            if (byType.Length * byOutcome.Length > 1)
            {
                _branches = [.. byType.SelectMany(_ => byOutcome, (type, outcome) => string.Join(" AND ", new[] { type, outcome }.Where(part => part.Length > 0)))];
            }

            if (byType is [""])
            {
                Any(happened);
            }

            if (byOutcome is [""] && refused)
            {
                Any(ended);
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

            Any(happened);
            if (refused)
            {
                Any(ended);
            }
        }

        _parameters.Add(("$take", take));
    }

    /// <summary>What the query asks of an event but for its types, its outcome, its end and its words, which are met in more than one way.</summary>
    private void Narrow(AuditQuery query)
    {
        Equal("actor", IdFingerprint.Of(query.Actor?.ToString()));
        Equal("subject", IdFingerprint.Of(query.Subject?.ToString()));
        Equal("session", IdFingerprint.Of(query.SessionId));
        if (query.From is { } from)
        {
            And("f.time >= $from", ("$from", Ceiling(from)));
        }

        if (query.Except is { } except)
        {
            Unequal("actor", except.Actors.Select(id => (object?)IdFingerprint.Of(id.Value)));
            Unequal("subject", except.Subjects.Select(key => (object?)IdFingerprint.Of(key.ToString())));
            Unequal("session", except.Sessions.Select(id => (object?)IdFingerprint.Of(id)));
            Unequal("type", except.Types);
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

    /// <summary>The search for a query; null when nothing can match: a text without a word, or what is asked for is also left out.</summary>
    public static TrailSearch? For(AuditQuery query, AuditCursor? before, int take)
    {
        if (query.Outcomes.Count == 0 || (query.Types.Count > 0 && query.Types.All(type => query.Except?.Types.Contains(type) == true)))
        {
            return null;
        }

        if (!query.HasWords)
        {
            return new TrailSearch(query, before, take, null);
        }

        return IndexWords.Asking(query) is { } words ? new TrailSearch(query, before, take, words) : null;
    }

    /// <summary>The search as a command that answers with nothing but the times and the places of the events, for counting them.</summary>
    public SqliteCommand TimesOn(SqliteConnection connection) => connection.Prepare(
        _branches.Length == 0
            ? $"SELECT f.time, f.seq FROM {_source}{_where} ORDER BY {_order} LIMIT $take"
            : $"SELECT n.time, n.seq FROM ({string.Join(" UNION ALL ", _branches.Select(NewestOf))}) n ORDER BY n.time DESC LIMIT $take",
        [.. _parameters]);

    /// <summary>The search as a command.</summary>
    public SqliteCommand On(SqliteConnection connection) => connection.Prepare(Statement, [.. _parameters]);

    /// <summary>
    /// The index with the fewest entries to walk, named because SQLite, which keeps no statistics here, would guess: a session or a
    /// user has few events, what didn't succeed is rare, and staff and type together are fewer than either.
    /// </summary>
    private static string IndexFor(AuditQuery query, IReadOnlyList<AuditOutcome> outcomes) => (query, outcomes) switch
    {
        ({ SessionId: not null }, _) => "audit_by_session",
        ({ Subject: not null }, _) => "audit_by_subject",
        ({ Actor: not null }, [not AuditOutcome.Success, ..]) => "audit_refused_by_actor",
        ({ Types.Count: > 0 }, [not AuditOutcome.Success, ..]) => "audit_refused_by_type",
        (_, [not AuditOutcome.Success, ..]) => "audit_refused",
        ({ Actor: not null, Types.Count: > 0 }, _) => "audit_by_actor_type",
        ({ Actor: not null }, _) => "audit_by_actor",
        ({ Types.Count: > 0 }, [AuditOutcome.Success]) => "audit_done_by_type", // Some types never succeed.
        ({ Types.Count: > 0 }, _) => "audit_by_type",
        _ => "audit_by_time",
    };

    private string NewestOf(string branch) =>
        $"SELECT * FROM (SELECT f.seq, f.time FROM {_source}{_where}{(_where.Length == 0 ? " WHERE" : " AND")} {branch} ORDER BY {_order} LIMIT $take)";

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

    /// <summary>Without an index, which none could help: what isn't left out is nearly everything.</summary>
    private void Unequal(string column, IEnumerable<object?> values)
    {
        (string Name, object? Value)[] left = [.. values.Select((value, i) => (string.Create(CultureInfo.InvariantCulture, $"$not_{column}{i}"), value))];
        if (left.Length > 0)
        {
            And($"(f.{column} IS NULL OR f.{column} NOT IN ({string.Join(", ", left.Select(one => one.Name))}))", left);
        }
    }

    private void Any(string[] conditions)
    {
        if (conditions.Length > 0)
        {
            And(conditions.Length == 1 ? conditions[0] : $"({string.Join(" OR ", conditions)})");
        }
    }

    private void And(string condition, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        _where.Append(_where.Length == 0 ? " WHERE " : " AND ").Append(condition);
        _parameters.AddRange(parameters);
    }
}
