using SupportConsole.Core.Rules;

namespace SupportConsole.Features.ViewAs.Explaining.Changes;

/// <summary>A condition without a change that could be named.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Why">Why there is none, as the end of a sentence about the condition.</param>
public sealed record KeptApart(RuleNode Condition, string Why);
