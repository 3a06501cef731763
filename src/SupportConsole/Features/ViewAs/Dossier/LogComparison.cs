namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>A session's reads beside PocketBase's own log of requests.</summary>
public sealed record LogComparison
{
    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Why there is nothing to compare with; null where there is.</summary>
    public string? Unavailable { get; init; }

    /// <summary>What stands in the way of a complete answer: a log that is young, old, cut or kept in part.</summary>
    public IReadOnlyList<string> Cautions { get; init; } = [];

    /// <summary>What the log has of each read, by the sequence of the read's line; those it lacks are missing.</summary>
    public IReadOnlyDictionary<long, ReadMatch> Matches { get; init; } = new Dictionary<long, ReadMatch>();

    /// <summary>How many reads PocketBase answered by the trail, and should have a line.</summary>
    public int Expected { get; init; }

    /// <summary>How many of those have none.</summary>
    public int Missing { get; init; }

    /// <summary>How many have one that says something else.</summary>
    public int Different { get; init; }

    /// <summary>Requests that the trail doesn't explain, oldest first; not all where <see cref="UnexpectedCount"/> is more.</summary>
    public IReadOnlyList<UnexpectedRequest> Unexpected { get; init; } = [];

    /// <summary>How many of those there are.</summary>
    public int UnexpectedCount { get; init; }

    /// <summary>What the console asked besides, for itself, and how often.</summary>
    public IReadOnlyList<(string What, int Count)> Own { get; init; } = [];

    /// <summary>How many lines of the log bear the session's mark.</summary>
    public int Lines { get; init; }
}
