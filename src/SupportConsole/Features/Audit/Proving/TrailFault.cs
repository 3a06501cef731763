namespace SupportConsole.Features.Audit.Proving;

/// <summary>Something that a verification found.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Sequence">The event it is about; for a range its first; null where it is about none.</param>
/// <param name="Text">What was found and where, as a sentence.</param>
internal sealed record TrailFault(TrailFaultKind Kind, long? Sequence, string Text);
