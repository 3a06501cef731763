using SupportConsole.Core;

namespace SupportConsole.Storage;

/// <summary>
/// A file or folder of the settings can't be used. The message names it by its setting: where it lies on the server is no page's business.
/// </summary>
/// <param name="message">What is wrong, for pages.</param>
/// <param name="place">Its path. The log has it too, with the fault.</param>
/// <param name="fault">What the system said; null where the content is wrong.</param>
internal abstract class PlacedException(string message, string place, Exception? fault = null) : ExplainedException(message, new IOException(place, fault))
{
    /// <summary>The same with the path, for whoever runs a command on the server and has the settings before them.</summary>
    public string ForCommand { get; } = $"{message} It is {place}.";
}
