using SupportConsole.Access;

namespace SupportConsole.Features.ViewAs;

/// <summary>Tells open windows which session has begun or ended.</summary>
internal sealed class SessionFeed(ILogger<SessionFeed> logger, TimeProvider clock) : Feed<string>(logger, clock);
