namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>How what a line of a session's history tells of came out.</summary>
public enum LineState
{
    /// <summary>It was done, or shown.</summary>
    Done,

    /// <summary>A rule refused it, or nothing of it was shown.</summary>
    Refused,

    /// <summary>It failed, and nothing was shown.</summary>
    Failed,

    /// <summary>It was asked for, and the trail has no answer to it.</summary>
    Unanswered,

    /// <summary>The entry's bytes aren't what was written.</summary>
    Damaged,
}
