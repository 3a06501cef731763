using SupportConsole.Core.Audit;

namespace SupportConsole.Features.ViewAs.Dossier;

/// <summary>
/// Makes lines of a session's entries, one after the other: what a read asked waits for its answer and both become one line, in the
/// answer's place. It keeps nothing but the questions that wait, which are few however long the session was.
/// </summary>
/// <param name="neverAnswered">Questions of which it is known that no answer comes: they are lines of their own, in their places.</param>
/// <param name="waiting">Questions that waited where the entries before ended.</param>
internal sealed class LineFold(IReadOnlySet<long> neverAnswered, IEnumerable<AuditEntry> waiting)
{
    private readonly Dictionary<string, AuditEntry> _waiting = waiting.ToDictionary(question => question.Event.CorrelationId!);
    private readonly List<long> _passedOver = [];

    /// <summary>The questions that wait for their answers.</summary>
    public IReadOnlyList<AuditEntry> Waiting => [.. _waiting.Values];

    /// <summary>Where the questions stand that got no answer as far as was read.</summary>
    public IEnumerable<long> Unanswered => _passedOver.Concat(_waiting.Values.Select(question => question.Sequence));

    /// <summary>Takes the next entry; null where it waits for another one.</summary>
    public SessionLine? Add(AuditEntry entry)
    {
        if (entry.IsDamaged)
        {
            return new SessionLine(entry, null, LineState.Damaged);
        }

        if (entry.Event is { Type: AuditEventTypes.ReadRequested, CorrelationId: { } asked } && !neverAnswered.Contains(entry.Sequence))
        {
            if (_waiting.Remove(asked, out var older))
            {
                _passedOver.Add(older.Sequence); // Two questions of one name: the answer is the newer one's.
            }

            _waiting[asked] = entry;
            return null;
        }

        if (entry.Event.Type == AuditEventTypes.ReadRequested)
        {
            return new SessionLine(entry, null, LineState.Unanswered);
        }

        AuditEntry? question = null;
        if (entry.Event.CorrelationId is { } answered)
        {
            _waiting.Remove(answered, out question);
        }

        return new SessionLine(entry, question, entry.Event.Outcome switch
        {
            AuditOutcome.Success => LineState.Done,
            AuditOutcome.Denied => LineState.Refused,
            _ => LineState.Failed,
        });
    }
}
