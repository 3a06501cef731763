using SupportConsole.Core;

namespace SupportConsole.Access;

/// <summary>An operation needs a more recent proof of who is acting.</summary>
public sealed class ProofTooOldException()
    : ExplainedException("It is too long since you proved who you are. Nothing was done. Confirm that it's you, then try again.");
