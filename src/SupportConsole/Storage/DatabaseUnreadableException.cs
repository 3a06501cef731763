using SupportConsole.Core;

namespace SupportConsole.Storage;

/// <summary>The console's own database doesn't answer, so neither rights nor the trail can be read.</summary>
public sealed class DatabaseUnreadableException(Exception cause) : ExplainedException(
    "The console's own database can't be read, so rights can't be checked and nothing is shown. Try again in a moment; if it stays so, ask whoever runs the console.",
    cause);
