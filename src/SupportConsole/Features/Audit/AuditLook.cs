namespace SupportConsole.Features.Audit;

/// <summary>A look at the trail that has been recorded.</summary>
/// <param name="Head">How long the trail is, as far as it is shown.</param>
/// <param name="Question">What is asked.</param>
/// <param name="Staff">Everybody who ever acted, for the filter.</param>
/// <param name="People">Whom the user filter may mean, where it isn't an id; null where there is nobody to find.</param>
public sealed record AuditLook(long Head, FilterReading Question, IReadOnlyList<SeenStaff> Staff, AuditPeople? People);
