namespace SupportConsole.Ui;

/// <summary>What a page waits for: one of four states (the fourth, empty, is a ready value with nothing in it).</summary>
public abstract record Loaded<T>
{
    private Loaded()
    {
    }

    /// <summary>The answer isn't here yet.</summary>
    public sealed record Waiting : Loaded<T>;

    /// <summary>The answer.</summary>
    public sealed record Ready(T Value) : Loaded<T>;

    /// <summary>There is no answer, and why.</summary>
    public sealed record Failed(string Explanation) : Loaded<T>;
}
