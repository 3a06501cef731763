namespace SupportConsole.Features.ViewAs.Explaining.Trying;

/// <summary>Whom another rule would give a record, and take it from, as far as it has been tried.</summary>
/// <param name="Asked">How many users both rules have been decided for.</param>
/// <param name="Gain">How many of them would see the record then, and don't now.</param>
/// <param name="GainId">One of these; null for none.</param>
/// <param name="Lose">How many see it now, and wouldn't then.</param>
/// <param name="LoseId">One of these; null for none.</param>
/// <param name="Undecided">How many stay undecided, because a rule looks at the request.</param>
/// <param name="IsOver">Whether no more are tried.</param>
/// <param name="IsSampled">Whether there are more users, for whom it wasn't tried.</param>
internal sealed record TrialOfUsers(int Asked, int Gain, string? GainId, int Lose, string? LoseId, int Undecided, bool IsOver, bool IsSampled);
