using SupportConsole.Core;

namespace SupportConsole.Storage;

/// <summary>The console's files can't be used as they are; the message says which and what to do.</summary>
public sealed class StorageException(string message) : ExplainedException(message);
