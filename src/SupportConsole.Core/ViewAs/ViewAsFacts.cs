using SupportConsole.Core.Users;

namespace SupportConsole.Core.ViewAs;

/// <summary>What is known about the moment at which somebody wants to open a session.</summary>
/// <param name="MayViewAs">Whether the agent's roles carry the duty.</param>
/// <param name="Protection">Whether policy protects this user.</param>
/// <param name="LiveSessionOf">The name of the user of the agent's other live session; null when there is none.</param>
public sealed record ViewAsFacts(bool MayViewAs, Protection Protection, string? LiveSessionOf);
