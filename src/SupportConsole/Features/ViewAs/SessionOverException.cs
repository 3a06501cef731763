using SupportConsole.Core;

namespace SupportConsole.Features.ViewAs;

/// <summary>There is no such live session for this person: it has ended, is somebody else's or never was.</summary>
internal sealed class SessionOverException()
    : ExplainedException("This session is over. What it showed is gone; the audit trail keeps what was read.");
