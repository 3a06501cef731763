namespace SupportConsole.Core.Users;

/// <summary>Whether policy protects a user.</summary>
public enum Protection
{
    /// <summary>It doesn't.</summary>
    None,

    /// <summary>It does: a view needs an approval.</summary>
    Protected,

    /// <summary>PocketBase refuses the filter that would tell. Counts as protected: nobody is viewed because a filter is broken.</summary>
    Undecided,
}
