using SupportConsole.Core;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>A sink didn't take events.</summary>
/// <param name="message">Why, as the end of a sentence: <c>it answered with status 500</c>. Nothing of what it answered, and no address but the host.</param>
/// <param name="pause">How long it asks not to be asked again; null where it doesn't say.</param>
internal sealed class SinkException(string message, TimeSpan? pause = null) : ExplainedException(message)
{
    /// <summary>How long it asks not to be asked again; null where it doesn't say.</summary>
    public TimeSpan? Pause { get; } = pause;
}
