namespace SupportConsole.Features.Audit.Proving;

/// <summary>What can be wrong with a log.</summary>
internal enum TrailFaultKind
{
    /// <summary>An event isn't what was written.</summary>
    Altered,

    /// <summary>An event stands in another's place.</summary>
    Reordered,

    /// <summary>Events are gone from between others.</summary>
    MissingMiddle,

    /// <summary>A published checkpoint is over more events than there are.</summary>
    MissingTail,

    /// <summary>The events before a published checkpoint aren't those that it was signed over.</summary>
    Rebuilt,

    /// <summary>A checkpoint, or the console, uses a key that isn't the log's.</summary>
    WrongKey,

    /// <summary>A published checkpoint isn't in its folder any more.</summary>
    CheckpointRemoved,

    /// <summary>A file in the folder isn't the checkpoint that was published.</summary>
    CheckpointAltered,

    /// <summary>The stored hashes of the tree aren't those of the events.</summary>
    TreeDamaged,

    /// <summary>Names and free text of an event aren't those that were written with it.</summary>
    PersonalAltered,

    /// <summary>Names and free text are erased, and no event says by whom.</summary>
    ErasedUnrecorded,

    /// <summary>The database or the folder can't be read to its end.</summary>
    Unreadable,

    /// <summary>A witness has cosigned events that this log doesn't have.</summary>
    Forked,
}
