using SupportConsole.Core;

namespace SupportConsole.Access;

/// <summary>Somebody went faster than one person may.</summary>
public sealed class TooOftenException(string limit, TimeSpan retryAfter)
    : ExplainedException($"You have reached what one person may do: {limit}. Nothing was done. Try again in {Pace.InWords(retryAfter)}.")
{
    /// <summary>How long to wait.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
