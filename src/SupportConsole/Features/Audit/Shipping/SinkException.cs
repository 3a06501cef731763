using SupportConsole.Core;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>A sink didn't take events.</summary>
/// <param name="message">Why, as the end of a sentence: <c>it answered with status 500</c>. Nothing of what it answered, no address but the host, and no path.</param>
/// <param name="pause">How long it asks not to be asked again; null where it doesn't say.</param>
/// <param name="path">What it is about on this machine, for the log alone.</param>
internal sealed class SinkException(string message, TimeSpan? pause = null, string? path = null) : ExplainedException(message)
{
    /// <summary>The same with what it is about on this machine, for the log alone.</summary>
    public string ForLog => path is null ? Message : $"{Message} ({path})";

    /// <summary>How long it asks not to be asked again; null where it doesn't say.</summary>
    public TimeSpan? Pause { get; } = pause;
}
