namespace SupportConsole.Features.ViewAs.Explaining;

/// <summary>What stood on one side of a comparison.</summary>
/// <param name="Operand">The side, as the rule writes it.</param>
/// <param name="Words">Its value in words: "is “draft”".</param>
public sealed record OperandValue(string Operand, string Words);
