using System.Collections.Immutable;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Features.Audit.Exporting;

/// <summary>An event on its way out.</summary>
/// <param name="Sequence">Its place.</param>
/// <param name="Body">Its canonical bytes as they are kept.</param>
/// <param name="Personal">Its names and free text as they are kept; null where it has none.</param>
/// <param name="Entry">As it is read; null where nobody needed to, because its bytes are whole and they alone go out.</param>
/// <param name="Proof">That it is in the tree; default where nobody asked, and where the tree can't tell.</param>
internal readonly record struct ExportRow(long Sequence, byte[] Body, byte[]? Personal, AuditEntry? Entry, ImmutableArray<TreeHash> Proof);
