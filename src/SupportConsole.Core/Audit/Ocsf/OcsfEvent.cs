using System.Globalization;
using System.Net;
using System.Text.Json;
using SupportConsole.Core.Staff;

namespace SupportConsole.Core.Audit.Ocsf;

/// <summary>
/// Writes events in the form of the Open Cybersecurity Schema Framework (https://schema.ocsf.io), for systems that gather them from many
/// sources. What the framework has no place for stands in <c>unmapped</c>, so that nothing of an event is left out.
/// </summary>
public static class OcsfEvent
{
    /// <summary>The framework's version that is written.</summary>
    public const string Version = "1.6.0";

    /// <summary>What the console is called in it.</summary>
    public const string Product = "Support Console";

    private const int Success = 1, Failure = 2;
    private const int Informational = 1, Low = 2, Medium = 3, High = 4, Critical = 5;
    private const int OrdinaryUser = 1, SystemUser = 3;
    private const int AccountSwitch = 7, Impersonate = 2;

    /// <summary>Writes one event as an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="entry">The event.</param>
    public static void Write(Utf8JsonWriter json, AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(entry);
        var happened = entry.Event;
        // Of an event that is damaged nothing is certain that a class would need.
        var activity = entry.IsDamaged ? new OcsfActivity(OcsfClass.BaseEvent, OcsfActivity.Other, happened.Type) : OcsfActivity.Of(happened.Type);
        json.WriteStartObject();
        json.WriteNumber("activity_id", activity.Id);
        json.WriteString("activity_name", activity.Name);
        json.WriteNumber("category_uid", activity.Class.CategoryUid);
        json.WriteString("category_name", activity.Class.CategoryName);
        json.WriteNumber("class_uid", activity.Class.Uid);
        json.WriteString("class_name", activity.Class.Name);
        json.WriteNumber("type_uid", activity.TypeUid);
        json.WriteNumber("time", happened.At.ToUnixTimeMilliseconds());
        json.WriteNumber("severity_id", SeverityOf(entry));
        json.WriteNumber("status_id", happened.Outcome == AuditOutcome.Success ? Success : Failure);
        json.WriteString("status", happened.Outcome.ToString());
        Text(json, "status_detail", happened.Detail);
        json.WriteString("message", happened.Reason is { } reason ? $"{happened.Type}: {reason}" : happened.Type);
        WriteMetadata(json, entry);
        if (activity.Class != OcsfClass.BaseEvent && activity.Class != OcsfClass.ApplicationLifecycle) // Which have no place for them.
        {
            WriteActor(json, happened);
            WriteSource(json, happened);
        }

        WriteOwn(json, activity, happened);
        WriteUnmapped(json, entry);
        json.WriteEndObject();
    }

    private static int SeverityOf(AuditEntry entry) => entry switch
    {
        { Event.Type: AuditEventTypes.AuditIntegrityFailed } => Critical,
        { IsDamaged: true } => High,
        { Event.Outcome: AuditOutcome.Denied } => Medium,
        { Event.Outcome: AuditOutcome.Failed } => Low,
        _ => Informational,
    };

    private static void WriteMetadata(Utf8JsonWriter json, AuditEntry entry)
    {
        json.WriteStartObject("metadata");
        json.WriteString("version", Version);
        WriteProduct(json, "product");
        json.WriteString("uid", Convert.ToHexStringLower(entry.LeafHash.AsSpan()));
        json.WriteNumber("sequence", entry.Sequence);
        json.WriteString("event_code", entry.Event.Type);
        json.WriteString("log_name", "audit");
        json.WriteString("original_time", entry.Event.At.UtcDateTime.ToString(CanonicalForm.TimeFormat, CultureInfo.InvariantCulture));
        Text(json, "correlation_uid", entry.Event.CorrelationId);
        json.WriteEndObject();
    }

    private static void WriteProduct(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("name", Product);
        json.WriteString("vendor_name", Product);
        json.WriteEndObject();
    }

    private static void WriteActor(Utf8JsonWriter json, AuditEvent happened)
    {
        json.WriteStartObject("actor");
        WriteUser(json, happened.Actor);
        if (happened.SessionId is not null)
        {
            WriteSession(json, happened.SessionId);
        }

        json.WriteEndObject();
    }

    private static void WriteSession(Utf8JsonWriter json, string id)
    {
        json.WriteStartObject("session");
        json.WriteString("uid", id);
        json.WriteEndObject();
    }

    /// <summary>Where it came from; the console itself where it came from nowhere else.</summary>
    private static void WriteSource(Utf8JsonWriter json, AuditEvent happened)
    {
        json.WriteStartObject("src_endpoint");
        json.WriteString(IPAddress.TryParse(happened.ClientAddress, out _) ? "ip" : "name", happened.ClientAddress ?? Product);
        json.WriteEndObject();
    }

    private static void WriteOwn(Utf8JsonWriter json, OcsfActivity activity, AuditEvent happened)
    {
        switch (activity.Class.Uid)
        {
            case 3001 or 3002 or 3005 when happened.Subject is { } subject:
                WriteUser(json, subject);
                break;
            case 3001 or 3002 or 3005:
                WriteUser(json, happened.Actor);
                break;
        }

        switch (activity.Class.Uid)
        {
            case 3002:
                json.WriteStartObject("service");
                json.WriteString("name", Product);
                json.WriteEndObject();
                if (happened.SessionId is not null)
                {
                    WriteSession(json, happened.SessionId);
                }

                if (activity.Id == AccountSwitch)
                {
                    json.WriteNumber("account_switch_type_id", Impersonate);
                    json.WriteString("account_switch_type", "Impersonate");
                }

                break;
            case 3004:
                json.WriteStartObject("entity");
                json.WriteString("name", activity.Store ?? happened.Subject?.Name ?? Product);
                json.WriteString("type", activity.Store is null ? happened.Subject?.Collection ?? "person" : "log");
                Text(json, "uid", activity.Store is null ? happened.Subject?.Id : null);
                json.WriteEndObject();
                Text(json, "comment", happened.Reason);
                break;
            case 3005:
                // Which role it was is what the event's detail says.
                json.WriteStartArray("privileges");
                json.WriteStringValue(happened.Detail ?? "unknown");
                json.WriteEndArray();
                break;
            case 6002:
                WriteProduct(json, "app");
                break;
            case 6005:
                json.WriteStartObject("table");
                json.WriteString("name", activity.Store ?? happened.Target?.Collection ?? happened.Subject?.Collection ?? "unknown");
                json.WriteEndObject();
                break;
        }
    }

    private static void WriteUser(Utf8JsonWriter json, AuditActor actor)
    {
        json.WriteStartObject("user");
        json.WriteString("uid", actor.Id.Value);
        json.WriteString("name", actor.Name);
        json.WriteNumber("type_id", actor.Id == StaffId.System ? SystemUser : OrdinaryUser);
        json.WriteEndObject();
    }

    private static void WriteUser(Utf8JsonWriter json, AuditSubject subject)
    {
        json.WriteStartObject("user");
        json.WriteString("uid", subject.Id);
        json.WriteString("name", subject.Name);
        json.WriteString("domain", subject.Collection);
        json.WriteNumber("type_id", OrdinaryUser);
        json.WriteEndObject();
    }

    private static void WriteUnmapped(Utf8JsonWriter json, AuditEntry entry)
    {
        var happened = entry.Event;
        json.WriteStartObject("unmapped");
        json.WriteString("state", entry.IsDamaged ? "damaged" : entry.Erased is null ? "whole" : "erased");
        json.WriteStartObject("actor");
        json.WriteString("id", happened.Actor.Id.Value);
        json.WriteString("name", happened.Actor.Name);
        json.WriteStartArray("roles");
        foreach (var role in happened.Actor.Roles)
        {
            json.WriteStringValue(RoleCatalog.NameOf(role));
        }

        json.WriteEndArray();
        json.WriteEndObject();
        if (happened.Subject is { } subject)
        {
            json.WriteStartObject("subject");
            json.WriteString("collection", subject.Collection);
            json.WriteString("id", subject.Id);
            json.WriteString("name", subject.Name);
            json.WriteEndObject();
        }

        Text(json, "session", happened.SessionId);
        Text(json, "reason", happened.Reason);
        Text(json, "category", happened.Category);
        Text(json, "ticket", happened.Ticket);
        Text(json, "client", happened.ClientAddress);
        Text(json, "instance", happened.Instance);
        if (happened.Target is { } target)
        {
            json.WriteStartObject("target");
            json.WriteString("collection", target.Collection);
            json.WriteStartArray("records");
            foreach (var id in target.RecordIds.IsDefault ? [] : target.RecordIds)
            {
                json.WriteStringValue(id);
            }

            json.WriteEndArray();
            if (target.Count is { } count)
            {
                json.WriteNumber("count", count);
            }

            Text(json, "query_hash", target.QueryHash);
            json.WriteEndObject();
        }

        if (entry.Erased is { } erased)
        {
            json.WriteStartObject("erased");
            Text(json, "actor", TextOf(erased.By));
            Text(json, "about", TextOf(erased.About));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string? TextOf(DateTimeOffset? at) => at?.UtcDateTime.ToString(CanonicalForm.TimeFormat, CultureInfo.InvariantCulture);

    private static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }
}
