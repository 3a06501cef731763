namespace SupportConsole.Access;

/// <summary>How a command went, as its exit code.</summary>
internal enum CommandExit
{
    /// <summary>Done, and where it had to be, proved.</summary>
    Done = 0,

    /// <summary>The console couldn't be composed: a wrong configuration.</summary>
    NotStarted = 1,

    /// <summary>The command line was wrong; nothing was done.</summary>
    Usage = 2,

    /// <summary>A rule stands against it, or the person may not; nothing was done.</summary>
    Refused = 3,

    /// <summary>PocketBase, the trail or the database can't be used; try again.</summary>
    Unavailable = 4,

    /// <summary>It was begun and isn't proved; the console tries again by itself.</summary>
    NotProved = 5,

    /// <summary>The audit log, or a file of it, was verified and isn't in order.</summary>
    NotInOrder = 6,

    /// <summary>It was interrupted; what was unfinished is brought to its end by the console.</summary>
    Interrupted = 130,
}
