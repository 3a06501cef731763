using SupportConsole.Core;

namespace SupportConsole.Storage;

/// <summary>Why something couldn't be written.</summary>
public enum NotWrittenReason
{
    /// <summary>Something else holds the database.</summary>
    Locked,

    /// <summary>The file may not be written.</summary>
    ReadOnly,

    /// <summary>No room is left.</summary>
    DiskFull,

    /// <summary>The file is damaged, isn't a database, or is from a newer version.</summary>
    Unusable,

    /// <summary>The file is gone or can't be opened.</summary>
    Missing,

    /// <summary>The file became another one, or its trail doesn't go on where it was left.</summary>
    Replaced,

    /// <summary>Events are recorded but can't be found: what makes them so can't be written.</summary>
    Index,

    /// <summary>Events are recorded but can't all be found yet: so many came that what makes them so still goes through them.</summary>
    IndexBehind,

    /// <summary>The disk answers with an error or too late.</summary>
    Disk,

    /// <summary>The console is shutting down.</summary>
    Stopped,
}

/// <summary>
/// The database can't be written, and with it the audit trail: what was to be recorded must not happen. The message is for people.
/// </summary>
public sealed class NotWrittenException(NotWrittenReason reason, Exception? cause = null)
    : ExplainedException($"{Happened(reason)}, so nothing is shown. {Explain(reason)}", cause)
{
    /// <summary>What stands in the way.</summary>
    public NotWrittenReason Reason { get; } = reason;

    private static string Happened(NotWrittenReason reason) => reason switch
    {
        NotWrittenReason.Index => "New events of the audit trail can't be found",
        NotWrittenReason.IndexBehind => "New events of the audit trail can't be found yet",
        _ => "The audit trail can't be written",
    };

    private static string Explain(NotWrittenReason reason) => reason switch
    {
        NotWrittenReason.Locked => "Another program is holding its database. Try again in a moment.",
        NotWrittenReason.ReadOnly => "Its file is read-only. Ask whoever runs the console.",
        NotWrittenReason.DiskFull => "The disk is full. Ask whoever runs the console.",
        NotWrittenReason.Unusable => "Its database is damaged or from a newer version. Ask whoever runs the console.",
        NotWrittenReason.Missing => "Its database can't be found or opened. Ask whoever runs the console.",
        NotWrittenReason.Replaced => "Its database was replaced while the console ran. Ask whoever runs the console.",
        NotWrittenReason.Index => "They are recorded, but their index stands still. Ask whoever runs the console.",
        NotWrittenReason.IndexBehind => "They are recorded, and so many came that their index still goes through them. Try again in a moment.",
        NotWrittenReason.Disk => "The disk doesn't answer as it should. Ask whoever runs the console.",
        NotWrittenReason.Stopped => "The console is shutting down. Try again in a moment.",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
