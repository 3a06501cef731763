using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit.Folding;

/// <summary>A row of the trail: an entry, both entries of a read, or a session.</summary>
/// <param name="Entry">The entry; of a read that of its answer, of a session the newest that the filters find.</param>
public sealed record TrailRow(AuditEntry Entry)
{
    /// <summary>The entry of what a read asked, where this is its answer's row and the filters find both.</summary>
    public AuditEntry? Question { get; init; }

    /// <summary>Whether it is what a read asked, and the trail has no answer to it.</summary>
    public bool IsUnanswered { get; init; }

    /// <summary>The session as a sentence; null where the row is no session.</summary>
    public EventSentence? Session { get; init; }

    /// <summary>Whether it says that a session has more rows than are shown below it.</summary>
    public bool IsRest { get; init; }

    /// <summary>Its place in the list, or that of the row which it was unfolded from.</summary>
    public int Place { get; init; }

    /// <summary>From within how many rows it was unfolded.</summary>
    public int Depth { get; init; }

    /// <summary>Whether what is folded into it is shown below it.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether something is folded into it.</summary>
    public bool IsFold => Question is not null || Session is not null;

    /// <summary>What it says.</summary>
    public EventSentence Sentence => Session ?? (IsUnanswered ? EventSentence.Unanswered(Entry) : EventSentence.Of(Entry));

    /// <summary>What tells it from every other row that folds something.</summary>
    internal (long Sequence, bool IsSession) Key => (Entry.Sequence, Session is not null);
}
