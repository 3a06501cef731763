using SupportConsole.Core.Audit;
using SupportConsole.Ui;

namespace SupportConsole.Features.Audit;

/// <summary>What stands in a row of the trail beside the sentence.</summary>
internal static class EventSummary
{
    /// <summary>What people wrote beside what happened, in one line.</summary>
    public static string Of(EventSentence sentence) => string.Join(" · ", sentence.Beside);

    /// <summary>The colour of the event's name.</summary>
    public static Tag.Tone ToneOf(AuditEntry entry) => entry.Event.Outcome switch
    {
        _ when entry.IsDamaged => Tag.Tone.Bad,
        AuditOutcome.Denied => Tag.Tone.Bad,
        AuditOutcome.Failed => Tag.Tone.Attention,
        _ => Tag.Tone.Quiet,
    };
}
