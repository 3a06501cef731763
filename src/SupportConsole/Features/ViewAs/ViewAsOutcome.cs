using System.Collections.Immutable;
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
