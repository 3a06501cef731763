namespace SupportConsole.Shell;

/// <summary>What the first request of a window knew.</summary>
/// <param name="Theme">The colours chosen earlier: "dark", "light", or null for the system's.</param>
public sealed record PageOpening(string? Theme);
