namespace SupportConsole.PocketBase;

/// <summary>What a read as the user came to. Each case is a different sentence on the screen.</summary>
internal abstract record ReadOutcome<T>
{
    private ReadOutcome()
    {
    }

    /// <summary>What was found, as something else; what stood against it stays as it is.</summary>
    public ReadOutcome<TOther> Select<TOther>(Func<T, TOther> other) => this switch
    {
        Found found => new ReadOutcome<TOther>.Found(other(found.Value)),
        Locked => new ReadOutcome<TOther>.Locked(),
        RefusedByApp => new ReadOutcome<TOther>.RefusedByApp(),
        _ => new ReadOutcome<TOther>.Missing(),
    };

    /// <summary>
    /// The outcome of a read under this rule: PocketBase says the same where a rule closes a collection to everybody (null) and where a hook
    /// refuses this user.
    /// </summary>
    public ReadOutcome<T> Under(string? rule) => this is Locked && rule is not null ? new RefusedByApp() : this;

    /// <summary>The user sees this. A page without records means that the collection's rule lets nothing through for the user.</summary>
    public sealed record Found(T Value) : ReadOutcome<T>;

    /// <summary>The collection is closed to everybody but superusers.</summary>
    public sealed record Locked : ReadOutcome<T>;

    /// <summary>The rule would let the user ask, and the app refused all the same: a hook of its own. Only who knows the rule can tell.</summary>
    public sealed record RefusedByApp : ReadOutcome<T>;

    /// <summary>Hidden from this user or not there at all; to the user PocketBase says the same.</summary>
    public sealed record Missing : ReadOutcome<T>;
}
