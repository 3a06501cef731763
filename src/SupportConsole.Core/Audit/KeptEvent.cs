namespace SupportConsole.Core.Audit;

/// <summary>An event as far as its hashed bytes say it.</summary>
/// <param name="Sequence">Its place.</param>
/// <param name="Event">What happened; from version 3 on without its names and free text.</param>
public sealed record KeptEvent(long Sequence, AuditEvent Event)
{
    /// <summary>The shape of its bytes; see <see cref="CanonicalForm"/>.</summary>
    public required int Version { get; init; }

    /// <summary>The commitment to what it says of who acted; null where it says nothing.</summary>
    public string? By { get; init; }

    /// <summary>The commitment to what it says of whom and what it was about; null where it says nothing.</summary>
    public string? About { get; init; }

    /// <summary>Whether the names and free text are those that the bytes are bound to. What is erased fits where there was something.</summary>
    /// <param name="personal">What is kept beside the bytes; null for nothing.</param>
    public bool IsBoundTo(PersonalText? personal) =>
        Fits(By, personal?.By) && Fits(About, personal?.About);

    /// <summary>The whole event. Names and texts that were erased are <see cref="PersonalText.ErasedWord"/>.</summary>
    /// <param name="personal">What <see cref="IsBoundTo"/> holds for; null for nothing.</param>
    public AuditEvent With(PersonalText? personal) => Version < 3 ? Event : Event with
    {
        Actor = Event.Actor with { Name = personal?.By?[PersonalText.Name] ?? "" },
        ClientAddress = personal?.By?[PersonalText.Client],
        Subject = Event.Subject is { } subject ? subject with { Name = personal?.About?[PersonalText.Subject] ?? "" } : null,
        Reason = personal?.About?[PersonalText.Reason],
        Ticket = personal?.About?[PersonalText.Ticket],
        Detail = Event.Detail ?? personal?.About?[PersonalText.Detail],
    };

    private static bool Fits(string? commitment, PersonalGroup? group) =>
        group is null ? commitment is null : commitment is not null && (group.ErasedAt is not null || group.Commitment == commitment);
}
