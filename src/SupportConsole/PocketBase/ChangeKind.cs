namespace SupportConsole.PocketBase;

/// <summary>What happened to a record.</summary>
internal enum ChangeKind
{
    /// <summary>It was made.</summary>
    Created,

    /// <summary>It was changed.</summary>
    Updated,

    /// <summary>It was taken away.</summary>
    Deleted,
}
