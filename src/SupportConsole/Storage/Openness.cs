namespace SupportConsole.Storage;

/// <summary>Who beside its owner may open a file or folder.</summary>
internal enum Openness
{
    /// <summary>Nobody, or there is no such file.</summary>
    None,

    /// <summary>A group that the console's process is in.</summary>
    OwnGroup,

    /// <summary>Everybody, or another group.</summary>
    Others,
}
