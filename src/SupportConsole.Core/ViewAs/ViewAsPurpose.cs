namespace SupportConsole.Core.ViewAs;

/// <summary>Why a session is opened, as the agent typed it.</summary>
/// <param name="Reason">In the agent's words.</param>
/// <param name="Category">One of <see cref="ViewAsPolicy.Categories"/>.</param>
/// <param name="Ticket">The support ticket; empty when there is none.</param>
public sealed record ViewAsPurpose(string Reason, string Category, string Ticket);
