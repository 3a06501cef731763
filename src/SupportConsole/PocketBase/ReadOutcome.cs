namespace SupportConsole.PocketBase;

/// <summary>What a read as the user came to. Each case is a different sentence on the screen.</summary>
internal abstract record ReadOutcome<T>
{
    private ReadOutcome()
    {
    }

    /// <summary>The user sees this. A page without records means that the collection's rule lets nothing through for the user.</summary>
    public sealed record Found(T Value) : ReadOutcome<T>;

    /// <summary>The collection is closed to everybody but superusers.</summary>
    public sealed record Locked : ReadOutcome<T>;

    /// <summary>Hidden from this user or not there at all; to the user PocketBase says the same.</summary>
    public sealed record Missing : ReadOutcome<T>;
}
