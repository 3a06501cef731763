using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>A request in PocketBase's log that bears a session's mark, and that the trail doesn't explain.</summary>
/// <param name="Line">The line of the log.</param>
/// <param name="Why">Why it isn't one of the session's.</param>
public sealed record UnexpectedRequest(RequestLogLine Line, string Why);
