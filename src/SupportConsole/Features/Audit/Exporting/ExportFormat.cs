namespace SupportConsole.Features.Audit.Exporting;

/// <summary>What the trail can be taken out as (docs/audit-exports.md).</summary>
/// <param name="Name">Its name in an address, a command and the trail.</param>
/// <param name="Words">Its name for people.</param>
/// <param name="For">What it is good for.</param>
/// <param name="Extension">How the file's name ends, without the dot.</param>
/// <param name="ContentType">What a browser is told that it is.</param>
/// <param name="LastEvent">Where a part of such a file says the number of its last event.</param>
public sealed record ExportFormat(string Name, string Words, string For, string Extension, string ContentType, string LastEvent)
{
    /// <summary>Canonical bytes with their proofs, which anybody can verify.</summary>
    public static ExportFormat JsonLines { get; } = new(
        "jsonl", "JSON Lines with proofs", "Anybody who has the log's public key can verify it.", "jsonl", "application/x-ndjson",
        "One more than the index in its last whole line.");

    /// <summary>A table.</summary>
    public static ExportFormat Csv { get; } = new(
        "csv", "CSV", "For spreadsheets. It proves nothing by itself.", "csv", "text/csv; charset=utf-8; header=present", "The sequence in its last whole row.");

    /// <summary>Events of the Open Cybersecurity Schema Framework, a line each.</summary>
    public static ExportFormat Ocsf { get; } = new(
        "ocsf", "OCSF", "For systems that gather security events. It proves nothing by itself.", "ocsf.jsonl", "application/x-ndjson", "The metadata.sequence in its last whole line.");

    /// <summary>All of them, in the order in which they are offered.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } = [JsonLines, Csv, Ocsf];

    /// <summary>The one of a name; null where there is none.</summary>
    public static ExportFormat? Named(string? name) => All.FirstOrDefault(format => format.Name == name);
}
