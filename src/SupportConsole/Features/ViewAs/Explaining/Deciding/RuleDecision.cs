namespace SupportConsole.Features.ViewAs.Explaining.Deciding;

/// <summary>What rules come to for a user and a record.</summary>
/// <param name="User">The user's id.</param>
/// <param name="Record">The record's id.</param>
/// <param name="Holds">What each rule comes to, in the order asked; null for undecided.</param>
internal sealed record RuleDecision(string User, string Record, IReadOnlyList<bool?> Holds);
