namespace SupportConsole.Features.ViewAs;

/// <summary>What the dialog of a new session holds, wherever it was filled in before. Null leaves a field as it begins.</summary>
public sealed record SessionForm(string? Reason, string? Ticket, string? Category = null, int? Minutes = null);
