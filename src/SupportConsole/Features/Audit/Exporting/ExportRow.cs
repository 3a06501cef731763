using System.Collections.Immutable;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Features.Audit.Exporting;

/// <summary>An event on its way out.</summary>
/// <param name="Entry">As it is read.</param>
/// <param name="Body">Its canonical bytes as they are kept.</param>
/// <param name="Personal">Its names and free text as they are kept; null where it has none.</param>
/// <param name="Proof">That it is in the tree; default where nobody asked, and where the tree can't tell.</param>
internal readonly record struct ExportRow(AuditEntry Entry, byte[] Body, byte[]? Personal, ImmutableArray<TreeHash> Proof);
