using System.Collections.Immutable;
using SupportConsole.Core;
using SupportConsole.Core.ViewAs;

namespace SupportConsole.Features.ViewAs;

/// <summary>What came of the wish to open a session.</summary>
internal abstract record ViewAsOutcome
{
    private ViewAsOutcome()
    {
    }

    /// <summary>It is open.</summary>
    /// <param name="Session">The session.</param>
    public sealed record Opened(ViewAsSession Session) : ViewAsOutcome;

    /// <summary>Rules stand against it; recorded.</summary>
    /// <param name="Rules">Every rule with its state.</param>
    public sealed record Refused(ImmutableArray<RuleState> Rules) : ViewAsOutcome;
}

/// <summary>There is no such live session for this person: it has ended, is somebody else's or never was.</summary>
internal sealed class SessionOverException()
    : ExplainedException("This session is over. What it showed is gone; the audit trail keeps what was read.");
