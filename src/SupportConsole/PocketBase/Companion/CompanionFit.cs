namespace SupportConsole.PocketBase;

/// <summary>Whether PocketBase has the companion hook, and one that this console can work with.</summary>
internal enum CompanionFit
{
    /// <summary>It has none.</summary>
    Absent,

    /// <summary>It has one of this console's major version.</summary>
    Fits,

    /// <summary>It has one of an older major version, which isn't used.</summary>
    Older,

    /// <summary>It has one of a newer major version, which isn't used.</summary>
    Newer,

    /// <summary>It couldn't be asked, or what answered is no companion.</summary>
    Undecided,
}
