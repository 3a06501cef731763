namespace SupportConsole.Core.Rules;

/// <summary>Why a text is no rule.</summary>
/// <param name="Sentence">What is wrong, for people.</param>
/// <param name="At">Where, in characters from the beginning.</param>
public sealed record RuleFault(string Sentence, int At);
