using SupportConsole.Core.Audit;
using SupportConsole.Features.ViewAs.Dossier;

namespace SupportConsole.Features.ViewAs;

/// <summary>What is left of an ended session whose first events were purged.</summary>
/// <param name="Outline">The events that are there.</param>
/// <param name="Purged">So many events of the trail are gone, from the first on.</param>
/// <param name="By">The event that tells of it.</param>
internal sealed record CutSession(SessionOutline Outline, long Purged, AuditEntry By);
