using SupportConsole.Core.Audit;

namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>One thing that happened in a session: a single entry of the trail, or a read's question and answer as one.</summary>
/// <param name="Entry">The entry; of a read, the one of its answer where there is one.</param>
/// <param name="Question">The entry of a read's question; null where it isn't a read, or the question itself is the line.</param>
/// <param name="State">How it came out.</param>
public sealed record SessionLine(AuditEntry Entry, AuditEntry? Question, LineState State)
{
    private static readonly string[] s_reads = ["records.", "record.", "file.", "reach.", "access."];

    private static readonly string[] s_withoutRequest =
    [
        AuditEventTypes.RecordsFollowed, AuditEventTypes.AccessLocated, AuditEventTypes.AccessRuleTried, AuditEventTypes.AccessAffectedCounted,
        AuditEventTypes.AccessCompared,
    ];

    /// <summary>Whether PocketBase was asked for something to show.</summary>
    public bool IsRead => Type != AuditEventTypes.SessionCompared
        && (Question is not null || State == LineState.Unanswered || (State != LineState.Damaged && IsReadType(Type)));

    /// <summary>
    /// Whether PocketBase has a line in its log for this very read as the user. What is followed live comes by one connection, which is no request
    /// of one entry or another; some questions are asked with superuser rights alone.
    /// </summary>
    public bool HasRequest => IsRead && !s_withoutRequest.Contains(Type);

    /// <summary>Whether it was asked what the user may see, so that PocketBase's "no" is an answer.</summary>
    public bool IsQuestionOfAccess => Type.StartsWith("access.", StringComparison.Ordinal);

    /// <summary>What it was; of a read without an answer, what was asked for.</summary>
    public string Type => Entry.Event.Type == AuditEventTypes.ReadRequested && Entry.Event.Detail is { Length: > 0 } asked ? asked : Entry.Event.Type;

    /// <summary>When it began.</summary>
    public DateTimeOffset From => (Question ?? Entry).Event.At;

    /// <summary>When it was over.</summary>
    public DateTimeOffset To => Entry.Event.At;

    /// <summary>Its places in the trail: <c>#12</c>, or <c>#12, #13</c> for a question and its answer.</summary>
    public string Places => Question is null ? $"#{Entry.Sequence}" : $"#{Question.Sequence}, #{Entry.Sequence}";

    // An answer whose question is damaged is a read all the same.
    private static bool IsReadType(string type) =>
        s_reads.Any(kind => type.StartsWith(kind, StringComparison.Ordinal));
}
