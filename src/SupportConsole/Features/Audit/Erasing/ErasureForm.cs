namespace SupportConsole.Features.Audit.Erasing;

/// <summary>What the dialog of an erasure holds.</summary>
/// <param name="Person">Whose data.</param>
/// <param name="Reason">Why.</param>
public sealed record ErasureForm(AuditSubjectKey Person, string Reason);
