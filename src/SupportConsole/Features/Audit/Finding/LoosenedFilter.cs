namespace SupportConsole.Features.Audit.Finding;

/// <summary>Filters that find something once one term is taken away.</summary>
/// <param name="Term">The term, as it is typed.</param>
/// <param name="Filter">The filters without it.</param>
public sealed record LoosenedFilter(string Term, AuditAddress Filter);
