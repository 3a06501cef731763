using System.Collections.Concurrent;

namespace SupportConsole.Storage;

/// <summary>
/// Judges, for the rules of the start, who else may open what only the console should. A group that the console itself is in is its
/// operator's choice, as on a volume with an fsGroup: the log says so, once a path.
/// </summary>
internal sealed partial class FileRights(ILogger<FileRights> logger)
{
    private readonly ConcurrentDictionary<string, bool> _said = new();

    /// <summary>What is wrong with the rights of a file or folder, as a sentence for the operator; null when nothing is.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="key">The setting that names it or that it holds.</param>
    public string? RefusalOf(string path, string key)
    {
        switch (PrivateFile.OpennessOf(path))
        {
            case Openness.Others:
                return $"{key}: {path} is open to others than its owner; run chmod {(Directory.Exists(path) ? "700" : "600")} {path}.";
            case Openness.OwnGroup when _said.TryAdd(path, true):
                LogShared(path, key);
                return null;
            default:
                return null;
        }
    }

    [LoggerMessage(EventId = 7002, Level = LogLevel.Warning, Message = "{Path} ({Key}) is open to a group that the console is in, so whoever else is in that group can open it too. On a volume that is shared by its group (fsGroup) let nothing else run with that group")]
    private partial void LogShared(string path, string key);
}
