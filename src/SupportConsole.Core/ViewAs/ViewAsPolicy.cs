using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace SupportConsole.Core.ViewAs;

/// <summary>What the organisation allows a view-as session to be.</summary>
/// <param name="Minutes">The time boxes on offer, ascending, each 1 to 60 minutes.</param>
/// <param name="DefaultMinutes">The one chosen beforehand.</param>
/// <param name="Idle">After how long without a read a session is closed.</param>
/// <param name="ReasonMinLength">The fewest letters or digits of a reason.</param>
/// <param name="TicketPattern">What a ticket looks like; null allows any text.</param>
public sealed record ViewAsPolicy(
    ImmutableArray<int> Minutes,
    int DefaultMinutes,
    TimeSpan Idle,
    int ReasonMinLength,
    Regex? TicketPattern)
{
    /// <summary>The longest ticket kept.</summary>
    public const int TicketMaxLength = 60;

    /// <summary>What a session can be for.</summary>
    public static ImmutableArray<string> Categories { get; } =
        ["Troubleshooting", "Bug report", "Account question", "Content check", "Security concern", "Other"];
}
