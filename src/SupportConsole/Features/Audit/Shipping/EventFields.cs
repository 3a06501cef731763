using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>An event as every sink says it (docs/audit-sinks.md): flat, with the same names everywhere, and without what it hasn't.</summary>
internal static class EventFields
{
    // Everything beyond ASCII, and every control, is an escape: nothing of a name ends a line, colours a terminal or turns its direction.
    private static readonly JsonWriterOptions s_ascii = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>
    /// What a repeat is recognised by: the place and the beginning of the event's hash. Erasing leaves it; another event in the same place,
    /// after a backup was restored, has another.
    /// </summary>
    public static string IdOf(AuditEntry entry) =>
        string.Create(CultureInfo.InvariantCulture, $"evt_{entry.Sequence}_{Convert.ToHexStringLower(entry.LeafHash.AsSpan(0, 8))}");

    /// <summary>An instant as fields have it.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The fields in their order: texts, whole numbers, truths and lists of texts.</summary>
    public static IEnumerable<(string Name, object Value)> Of(AuditEntry entry)
    {
        var occurred = entry.Event;
        (string, object?)[] fields =
        [
            ("id", IdOf(entry)),
            ("seq", entry.Sequence),
            ("time", Time(occurred.At)),
            ("type", occurred.Type),
            ("outcome", occurred.Outcome switch { AuditOutcome.Success => "success", AuditOutcome.Denied => "denied", _ => "failed" }),
            ("actor", occurred.Actor.Id.Value),
            ("actor_name", occurred.Actor.Name),
            ("actor_roles", occurred.Actor.Roles is { IsDefaultOrEmpty: false } roles ? roles.Select(role => role.ToString()).ToArray() : null),
            ("subject", occurred.Subject is { } subject ? $"{subject.Collection}/{subject.Id}" : null),
            ("subject_name", occurred.Subject?.Name),
            ("session", occurred.SessionId),
            ("reason", occurred.Reason),
            ("category", occurred.Category),
            ("ticket", occurred.Ticket),
            ("detail", occurred.Detail),
            ("client", occurred.ClientAddress),
            ("target", occurred.Target?.Collection),
            ("target_records", occurred.Target is { RecordIds: { IsDefaultOrEmpty: false } records } ? records.ToArray() : null),
            ("target_count", occurred.Target?.Count is { } count ? (long)count : null),
            ("target_query", occurred.Target?.QueryHash),
            ("correlation", occurred.CorrelationId),
            ("instance", occurred.Instance),
            ("actor_erased", entry.Erased?.By is { } by ? Time(by) : null),
            ("text_erased", entry.Erased?.About is { } about ? Time(about) : null),
            ("damaged", entry.IsDamaged ? true : null),
        ];
        return fields.Where(field => field.Item2 is not null and not "").Select(field => (field.Item1, field.Item2!));
    }

    /// <summary>The event as one JSON object, on one line of ASCII.</summary>
    public static byte[] Json(AuditEntry entry) => Written(json => Write(json, entry));

    /// <summary>The event as the body of a webhook (Standard Webhooks).</summary>
    public static byte[] WebhookBody(AuditEntry entry) => Written(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", entry.Event.Type);
        json.WriteString("timestamp", Time(entry.Event.At));
        json.WritePropertyName("data");
        Write(json, entry);
        json.WriteEndObject();
    });

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, s_ascii))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, AuditEntry entry)
    {
        json.WriteStartObject();
        foreach (var (name, value) in Of(entry))
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, value);
        }

        json.WriteEndObject();
    }
}
