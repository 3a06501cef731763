using SupportConsole.Core.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>What stands in the columns beside an event, to find it by.</summary>
/// <param name="Time">When, in microseconds.</param>
/// <param name="Actor">Who acted, as a fingerprint.</param>
/// <param name="Subject">About whom, as a fingerprint; null for nobody.</param>
/// <param name="Session">Of which session, as a fingerprint; null for none.</param>
internal readonly record struct EventColumns(long Time, long Actor, long? Subject, long? Session)
{
    /// <summary>Those of an event.</summary>
    public static EventColumns Of(AuditEvent occurred) => new(
        StoredTime.From(occurred.At),
        IdFingerprint.Of(occurred.Actor.Id.Value)!.Value,
        IdFingerprint.Of(occurred.Subject is { } subject ? new AuditSubjectKey(subject.Collection, subject.Id).ToString() : null),
        IdFingerprint.Of(occurred.SessionId));
}
