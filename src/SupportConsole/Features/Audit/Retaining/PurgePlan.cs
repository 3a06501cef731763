namespace SupportConsole.Features.Audit.Retaining;

/// <summary>A purge that is announced, so that a wrong rule or a wrong clock can be seen to before anything is gone.</summary>
/// <param name="At">Since when.</param>
/// <param name="Through">The newest event that would go.</param>
internal sealed record PurgePlan(DateTimeOffset At, long Through)
{
    /// <summary>How long it stands before it is carried out.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(1);

    private static readonly TimeSpan s_stale = TimeSpan.FromDays(3);

    /// <summary>When it is carried out.</summary>
    public DateTimeOffset DueAt => At + Notice;

    /// <summary>
    /// Whether it still counts. One from the future, or from days ago, was made by another clock than this one, or the console stood still
    /// meanwhile and nobody saw it.
    /// </summary>
    public bool StandsAt(DateTimeOffset now) => now >= At && now - At < s_stale;
}
