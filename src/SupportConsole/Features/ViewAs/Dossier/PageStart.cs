using SupportConsole.Core.Audit;

namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>Where a page of a session's lines begins.</summary>
/// <param name="After">The last entry before it.</param>
/// <param name="Waiting">The questions that had no answer yet there.</param>
internal sealed record PageStart(long After, IReadOnlyList<AuditEntry> Waiting);
