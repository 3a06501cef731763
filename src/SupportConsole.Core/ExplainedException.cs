namespace SupportConsole.Core;

/// <summary>
/// A failure whose message is meant for the person at the screen: what happened, what it means, what to do. It never carries
/// a token, a password or somebody's data. Pages show these and only these.
/// </summary>
public abstract class ExplainedException : Exception
{
    /// <summary>Says it in one message.</summary>
    protected ExplainedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
