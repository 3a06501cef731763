using SupportConsole.Core;

namespace SupportConsole.Storage;

/// <summary>Under the running console its database became another one.</summary>
public sealed class DatabaseReplacedException(string file) : ExplainedException(
    $"The database {file} was replaced while the console ran. Put the former one back, or restart the console to go on with this one.");
