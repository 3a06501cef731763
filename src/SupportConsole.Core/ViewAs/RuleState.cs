namespace SupportConsole.Core.ViewAs;

/// <summary>One line of the checklist in the dialog, and one reason for a refusal.</summary>
/// <param name="Rule">The rule's stable name, as the audit trail writes it.</param>
/// <param name="Met">Whether it holds.</param>
/// <param name="Sentence">The state in words and, where it fails, what to do.</param>
public sealed record RuleState(string Rule, bool Met, string Sentence);
