using System.Text.Json;

namespace SupportConsole.Core.Audit;

/// <summary>
/// An event's names and free text, kept beside the bytes that are hashed, which hold a salted commitment to each group of them. So one
/// person's can be erased for good, and every hash stays what it was.
/// </summary>
public sealed class PersonalText
{
    /// <summary>Stands where a name or a text was erased.</summary>
    public const string ErasedWord = "(erased)";

    /// <summary>A salt's length in bytes.</summary>
    public const int SaltLength = 32;

    internal const string Client = "client", Name = "name", Detail = "detail", Reason = "reason", Subject = "subject", Ticket = "ticket";

    private PersonalText(PersonalGroup? by, PersonalGroup? about) => (By, About) = (by, about);

    /// <summary>Who acted: the name and the network address. Null where the event has neither.</summary>
    public PersonalGroup? By { get; }

    /// <summary>Whom and what it was about: the name, the reason, the ticket and the detail. Null where the event has none of them.</summary>
    public PersonalGroup? About { get; }

    /// <summary>What of it was erased; null where nothing was.</summary>
    public ErasedText? Erased => (By?.ErasedAt ?? About?.ErasedAt) is null ? null : new ErasedText(By?.ErasedAt, About?.ErasedAt);

    /// <summary>The names and free text of an event, under new salts; null where it has none.</summary>
    public static PersonalText? Of(AuditEvent occurred)
    {
        ArgumentNullException.ThrowIfNull(occurred);
        var by = PersonalGroup.Of((Client, occurred.ClientAddress), (Name, Present(occurred.Actor.Name)));
        var about = PersonalGroup.Of(
            (Detail, CanonicalForm.HasOwnDetail(occurred) ? null : occurred.Detail),
            (Reason, occurred.Reason),
            (Subject, Present(occurred.Subject?.Name)),
            (Ticket, occurred.Ticket));
        return (by ?? about) is null ? null : new PersonalText(by, about);
    }

    /// <summary>What is kept where this much of an event was erased, and nothing else is there.</summary>
    /// <param name="by">Whether it said something of who acted.</param>
    /// <param name="about">Whether it said something of whom and what it was about.</param>
    /// <param name="at">When it was erased.</param>
    public static PersonalText ErasedOf(bool by, bool about, DateTimeOffset at) =>
        new(by ? PersonalGroup.Erased(at) : null, about ? PersonalGroup.Erased(at) : null);

    /// <summary>The same without a group, or both: salt and text are gone from it. What was erased before stays as it was.</summary>
    /// <param name="by">Whether what it says of who acted is erased.</param>
    /// <param name="about">Whether what it says of whom and what it was about is erased.</param>
    /// <param name="at">When it is erased.</param>
    /// <returns>What is left; the same object where there is nothing to erase.</returns>
    public PersonalText Erase(bool by, bool about, DateTimeOffset at)
    {
        by &= By is { ErasedAt: null };
        about &= About is { ErasedAt: null };
        return by || about ? new PersonalText(by ? PersonalGroup.Erased(at) : By, about ? PersonalGroup.Erased(at) : About) : this;
    }

    /// <summary>Its bytes beside those of the event: canonical JSON too, so that there is one way to write it.</summary>
    public byte[] Encode()
    {
        var json = new CanonicalWriter();
        About?.Write("about", json);
        By?.Write("by", json);
        return json.End();
    }

    /// <summary>Reads it back. Whether it is the event's is for <see cref="KeptEvent.IsBoundTo"/> to say.</summary>
    /// <exception cref="FormatException">These bytes weren't written by <see cref="Encode"/>.</exception>
    public static PersonalText Decode(ReadOnlySpan<byte> kept)
    {
        try
        {
            var bytes = kept.ToArray();
            using var json = JsonDocument.Parse(bytes);
            var read = new PersonalText(GroupIn(json, "by"), GroupIn(json, "about"));
            // What stands there twice, or beside it, would be text that nobody sees and no commitment binds.
            return read.Encode().AsSpan().SequenceEqual(bytes) ? read : throw new FormatException("This isn't how personal text is written.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException or KeyNotFoundException)
        {
            throw new FormatException("These bytes are not the personal text of an event.", fault);
        }
    }

    private static PersonalGroup? GroupIn(JsonDocument json, string key) =>
        json.RootElement.TryGetProperty(key, out var group) ? PersonalGroup.Read(group) : null;

    // A name is always there in an event: none is written as an empty one is.
    private static string? Present(string? name) => string.IsNullOrEmpty(name) ? null : name;
}
