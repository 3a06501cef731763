using System.Collections.Frozen;
using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit.Folding;

/// <summary>Which entries are the question and the answer of one read.</summary>
internal static class ReadPairs
{
    private static readonly FrozenSet<string> Answers = FrozenSet.Create(
        AuditEventTypes.UsersSearched, AuditEventTypes.UserViewed,
        AuditEventTypes.RecordsListed, AuditEventTypes.RecordViewed, AuditEventTypes.FileViewed, AuditEventTypes.ReachViewed, AuditEventTypes.RecordsFollowed,
        AuditEventTypes.AccessExplained, AuditEventTypes.AccessHiddenListed, AuditEventTypes.AccessRuleTried, AuditEventTypes.AccessAffectedCounted,
        AuditEventTypes.AccessCompared, AuditEventTypes.AccessLocated, AuditEventTypes.AccessChangesNamed,
        AuditEventTypes.SessionCompared, AuditEventTypes.KeysListed, AuditEventTypes.SetUpViewed, AuditEventTypes.SetUpTested);

    /// <summary>Whether it asked for something that has an answer of its own.</summary>
    public static bool IsQuestion(AuditEntry entry) =>
        entry is { IsDamaged: false, Event: { Type: AuditEventTypes.ReadRequested, CorrelationId: not null, Detail: { } asked } } && Answers.Contains(asked);

    /// <summary>Whether it may be the answer to a question.</summary>
    public static bool IsAnswer(AuditEntry entry) => entry is { IsDamaged: false, Event.CorrelationId: not null } && Answers.Contains(entry.Event.Type);

    /// <summary>The pairs that are whole in these entries, each under the sequences of both with the other one.</summary>
    public static IReadOnlyDictionary<long, AuditEntry> In(IEnumerable<AuditEntry> entries)
    {
        var pairs = new Dictionary<long, AuditEntry>();
        var asked = new Dictionary<(string?, string?), AuditEntry>();
        foreach (var entry in entries.OrderBy(entry => entry.Sequence))
        {
            if (IsQuestion(entry))
            {
                asked[NameOf(entry)] = entry; // Two of one name: the answer is the newer one's.
            }
            else if (IsAnswer(entry) && asked.TryGetValue(NameOf(entry), out var question)
                && TrailTable.IsSameRead(question, entry) && question.Event.Detail == entry.Event.Type)
            {
                asked.Remove(NameOf(entry));
                pairs[question.Sequence] = entry;
                pairs[entry.Sequence] = question;
            }
        }

        return pairs;
    }

    private static (string?, string?) NameOf(AuditEntry entry) => (entry.Event.SessionId, entry.Event.CorrelationId);
}
