using SupportConsole.Core;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>A witness didn't cosign.</summary>
internal sealed class WitnessException(string message, bool isAlarm = false) : ExplainedException(message)
{
    /// <summary>Whether it contradicts the log; otherwise nothing could be had from it.</summary>
    public bool IsAlarm { get; } = isAlarm;
}
