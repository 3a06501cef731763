namespace SupportConsole.Features.ViewAs.Explaining.Trying;

/// <summary>How many users a rule, or a condition of it, keeps from a record, as far as they have been asked for.</summary>
/// <param name="Asked">How many users it was decided for.</param>
/// <param name="Fails">For how many of them it doesn't hold.</param>
/// <param name="FailsFor">One of these; null for none.</param>
/// <param name="Holds">For how many it holds.</param>
/// <param name="HoldsFor">One of these; null for none.</param>
/// <param name="Undecided">How many stay undecided, because the rule looks at the request.</param>
/// <param name="IsOver">Whether all users have been asked for.</param>
internal sealed record AffectedSoFar(int Asked, int Fails, string? FailsFor, int Holds, string? HoldsFor, int Undecided, bool IsOver);
