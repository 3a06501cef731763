using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>A root that a checkpoint with a good signature says.</summary>
/// <param name="Root">The root.</param>
/// <param name="Where">Which checkpoint says it, for a sentence.</param>
internal readonly record struct SignedRoot(TreeHash Root, string Where);
