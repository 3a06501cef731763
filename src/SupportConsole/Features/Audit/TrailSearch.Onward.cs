using System.Globalization;
using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>The same question, answered in the order of the trail from a place on: for whoever takes all of it, however much it is.</summary>
internal sealed partial class TrailSearch
{
    private TrailSearch(AuditQuery query, string? words)
    {
        Narrow(query);
        if (query.To is { } to)
        {
            And("f.time < $to", ("$to", Ceiling(to)));
        }

        if (NamesOf(query.Types) is [_, ..] types)
        {
            And($"f.type IN ({string.Join(", ", types)})");
        }

        if (OutcomesOf(query) is { } outcomes)
        {
            And($"f.outcome IN ({outcomes})");
        }

        if (words is not null)
        {
            And("audit_text MATCH $words", ("$words", words));
        }

        // By place alone, which every index but the table itself would have to be sorted for; and where nothing narrows, past the index.
        (_source, _order) = (words, _where.Length) switch
        {
            (not null, _) => ("audit_text CROSS JOIN audit_find f ON f.seq = audit_text.rowid CROSS JOIN audit_event e ON e.seq = f.seq", "audit_text.rowid"),
            (null, 0) => ("audit_event e", "e.seq"),
            _ => ("audit_find f NOT INDEXED CROSS JOIN audit_event e ON e.seq = f.seq", "f.seq"),
        };
        And($"{_order} > $after AND {_order} <= $until");
    }

    /// <summary>The outcomes that a query asks for, as a list for a statement; null where they are all.</summary>
    public static string? OutcomesOf(AuditQuery query) => query.Outcomes is { Count: var ways } outcomes && ways < Enum.GetValues<AuditOutcome>().Length
        ? string.Join(", ", outcomes.Select(outcome => ((int)outcome).ToString(CultureInfo.InvariantCulture)))
        : null;

    /// <summary>
    /// The next entries, oldest first, of a stretch of the trail: rows of <see cref="TrailTable.Columns"/>. Null when nothing can match.
    /// </summary>
    /// <param name="connection">Where to ask.</param>
    /// <param name="query">The filters.</param>
    /// <param name="after">The place before the stretch.</param>
    /// <param name="until">The last place of it.</param>
    /// <param name="take">How many entries at most.</param>
    public static SqliteCommand? Onward(SqliteConnection connection, AuditQuery query, long after, long until, int take)
    {
        string? words = null;
        if (query.Outcomes.Count == 0 || (query.HasWords && (words = IndexWords.Asking(query)) is null))
        {
            return null;
        }

        var search = new TrailSearch(query, words);
        return connection.Prepare(
            $"SELECT {TrailTable.Columns} FROM {search._source}{search._where} ORDER BY {search._order} LIMIT $take",
            [.. search._parameters, ("$after", after), ("$until", until), ("$take", (long)take)]);
    }
}
