namespace SupportConsole.Access;

/// <summary>What one person may do only so often, in all windows together.</summary>
public enum Limit
{
    /// <summary>Search for users.</summary>
    Searches,

    /// <summary>Ask for a view-as session.</summary>
    Sessions,

    /// <summary>Read what leaves an entry in the trail: a user's page, posts, the keys, the trail itself.</summary>
    Reads,

    /// <summary>Open a window, or connect it again.</summary>
    Handshakes,

    /// <summary>Have a window open.</summary>
    Windows,
}
