using System.Text.Json;
using Microsoft.Data.Sqlite;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>The statements for what leaves the house as it is written.</summary>
internal sealed partial class TrailTable
{
    /// <summary>The first and the newest sequence that are there; 0 in an empty trail.</summary>
    public static (long First, long Newest) Bounds(SqliteConnection connection) => (
        connection.Number("SELECT min(seq) FROM audit_event"), TreeTable.SizeOn(connection));

    /// <summary>The entries of a stretch in the order of the trail.</summary>
    /// <param name="connection">Where from.</param>
    /// <param name="after">What the stretch follows.</param>
    /// <param name="to">Its last sequence.</param>
    /// <param name="types">Only of these types; null for all.</param>
    /// <param name="take">How many at most.</param>
    public static List<AuditEntry> Between(SqliteConnection connection, long after, long to, IReadOnlyList<string>? types, int take) => Entries(connection.Prepare(
        $"""
        SELECT {Columns} FROM audit_event e
        WHERE e.seq > $after AND e.seq <= $to {(types is null ? "" : OfTypes)} ORDER BY e.seq LIMIT $take
        """,
        ("$after", after), ("$to", to), ("$types", types is null ? null : JsonSerializer.Serialize(types)), ("$take", (long)take)));

    /// <summary>How many entries such a stretch has.</summary>
    public static long CountBetween(SqliteConnection connection, long after, long to, IReadOnlyList<string>? types) => connection.Number(
        $"SELECT count(*) FROM audit_event e WHERE e.seq > $after AND e.seq <= $to {(types is null ? "" : OfTypes)}",
        ("$after", after), ("$to", to), ("$types", types is null ? null : JsonSerializer.Serialize(types)));

    private const string OfTypes = "AND e.type IN (SELECT value FROM json_each($types))";
}
