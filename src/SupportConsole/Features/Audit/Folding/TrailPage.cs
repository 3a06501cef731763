namespace SupportConsole.Features.Audit.Folding;

/// <summary>What a page of entries comes to in rows, newest first: as many as entries at most, and perhaps none.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Next">Where the older entries continue; null when there are none.</param>
/// <param name="Begin">Where the page's entries begin; null when it has none.</param>
internal sealed record TrailPage(IReadOnlyList<TrailRow> Rows, AuditCursor? Next, AuditCursor? Begin);
