using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Core.Staff;

namespace SupportConsole.Core.Audit;

/// <summary>
/// The bytes of an event that its hash is taken over: JSON in the manner of RFC 8785 (UTF-8, keys sorted, no white space, the
/// fewest escapes), absent instead of null, times as RFC 3339 UTC text with microseconds. Written here rather than by a library,
/// so that no update of one can change what was hashed years ago. A later shape gets another number in <c>v</c>: 2 names the console that
/// wrote the event, as <c>instance</c>; 3 has no names and no free text, but a commitment to each group of them, so that they can be erased
/// and the hash stays what it was. They are kept beside the bytes, as <see cref="PersonalText"/>.
/// </summary>
public static class CanonicalForm
{
    /// <summary>The newest shape's number, kept in every event as <c>v</c>.</summary>
    public const int Version = 3;

    internal const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>The event as the trail can keep it: UTC to the microsecond, and text that has a UTF-8 form.</summary>
    /// <remarks>A surrogate without its partner has none; it becomes U+FFFD.</remarks>
    public static AuditEvent AsKept(AuditEvent occurred)
    {
        ArgumentNullException.ThrowIfNull(occurred);
        var at = occurred.At.UtcDateTime;
        return occurred with
        {
            Type = Clean(occurred.Type),
            At = new DateTimeOffset(at.Ticks - (at.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero),
            Actor = new AuditActor(
                new StaffId(Clean(occurred.Actor.Id.Value ?? "")), Clean(occurred.Actor.Name), Present(occurred.Actor.Roles)),
            Subject = occurred.Subject is { } subject
                ? new AuditSubject(Clean(subject.Collection), Clean(subject.Id), Clean(subject.Name))
                : null,
            SessionId = CleanOrAbsent(occurred.SessionId),
            Reason = CleanOrAbsent(occurred.Reason),
            Category = CleanOrAbsent(occurred.Category),
            Ticket = CleanOrAbsent(occurred.Ticket),
            Target = occurred.Target is { } target
                ? target with
                {
                    Collection = Clean(target.Collection),
                    RecordIds = [.. Present(target.RecordIds).Select(Clean)],
                    QueryHash = CleanOrAbsent(target.QueryHash),
                }
                : null,
            Detail = CleanOrAbsent(occurred.Detail),
            ClientAddress = CleanOrAbsent(occurred.ClientAddress),
            CorrelationId = CleanOrAbsent(occurred.CorrelationId),
            Instance = CleanOrAbsent(occurred.Instance),
        };
    }

    /// <summary>The canonical bytes of an event at its place in the trail, names and free text apart.</summary>
    /// <param name="sequence">The place, from 1.</param>
    /// <param name="occurred">What happened.</param>
    /// <param name="personal">Its names and free text, which the bytes are bound to; null where it has none.</param>
    public static byte[] Encode(long sequence, AuditEvent occurred, PersonalText? personal) => Encode(sequence, occurred, Version, personal);

    /// <summary>The bytes that events had before names and free text were kept apart: version 2, or 1 where no instance is named.</summary>
    /// <param name="sequence">The place, from 1.</param>
    /// <param name="occurred">What happened.</param>
    public static byte[] Encode(long sequence, AuditEvent occurred)
    {
        ArgumentNullException.ThrowIfNull(occurred);
        return Encode(sequence, occurred, VersionOf(occurred.Instance), personal: null);
    }

    /// <summary>
    /// Whether an event's detail is a word of the console's own that is needed to read the trail, and so stays in the bytes: what a read asked
    /// for is the name of a type, and its question is told from others by it.
    /// </summary>
    internal static bool HasOwnDetail(AuditEvent occurred) =>
        occurred.Type == AuditEventTypes.ReadRequested && AuditEventTypes.All.Contains(occurred.Detail);

    private static byte[] Encode(long sequence, AuditEvent occurred, int version, PersonalText? personal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequence, 1);
        ArgumentNullException.ThrowIfNull(occurred);
        var isWhole = version < 3;

        // The keys stand in the order of RFC 8785, 3.2.3; a golden test and a property hold it.
        var json = new CanonicalWriter();
        json.Text("about", personal?.About?.Commitment);
        json.Open("actor");
        json.Text("id", occurred.Actor.Id.Value ?? "");
        json.Text("name", isWhole ? occurred.Actor.Name : null);
        json.Texts("roles", Present(occurred.Actor.Roles).Select(NameOf));
        json.Close();
        json.Text("by", personal?.By?.Commitment);
        json.Text("category", occurred.Category);
        json.Text("client", isWhole ? occurred.ClientAddress : null);
        json.Text("correlation", occurred.CorrelationId);
        json.Text("detail", isWhole || HasOwnDetail(occurred) ? occurred.Detail : null);
        json.Text("instance", occurred.Instance);
        json.Text("outcome", NameOf(occurred.Outcome));
        json.Text("reason", isWhole ? occurred.Reason : null);
        json.Number("seq", sequence);
        json.Text("session", occurred.SessionId);
        if (occurred.Subject is { } subject)
        {
            json.Open("subject");
            json.Text("collection", subject.Collection);
            json.Text("id", subject.Id);
            json.Text("name", isWhole ? subject.Name : null);
            json.Close();
        }

        if (occurred.Target is { } target)
        {
            json.Open("target");
            json.Text("collection", target.Collection);
            if (target.Count is { } count)
            {
                json.Number("count", count);
            }

            json.Text("queryHash", target.QueryHash);
            if (!target.RecordIds.IsDefaultOrEmpty)
            {
                json.Texts("records", target.RecordIds);
            }

            json.Close();
        }

        json.Text("ticket", isWhole ? occurred.Ticket : null);
        json.Text("time", occurred.At.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        json.Text("type", occurred.Type);
        json.Number("v", version);
        return json.End();
    }

    /// <summary>The leaf hash of canonical bytes: SHA-256 over a zero byte and them.</summary>
    public static ImmutableArray<byte> LeafHash(ReadOnlySpan<byte> canonical)
    {
        var hash = new byte[TreeHash.Length];
        TreeHash.Leaf(canonical).CopyTo(hash);
        return ImmutableCollectionsMarshal.AsImmutableArray(hash);
    }

    /// <summary>Reads canonical bytes back. Whether they are those that were hashed is the caller's to compare.</summary>
    /// <returns>The place and what happened, as far as the bytes say it.</returns>
    /// <exception cref="FormatException">They aren't an event of a version up to this one.</exception>
    public static KeptEvent Decode(ReadOnlySpan<byte> canonical)
    {
        try
        {
            return Read(canonical);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new FormatException("These bytes are not an audit event.", fault);
        }
    }

    private static KeptEvent Read(ReadOnlySpan<byte> canonical)
    {
        var json = new Utf8JsonReader(canonical);
        long sequence = 0, version = 0;
        string? type = null, time = null, outcome = null, session = null, reason = null, category = null, ticket = null;
        string? detail = null, client = null, correlation = null, instance = null, about = null, by = null;
        AuditActor? actor = null;
        AuditSubject? subject = null;
        AuditTarget? target = null;

        Enter(ref json);
        while (NextKey(ref json, out var key))
        {
            switch (key)
            {
                case "about": about = ReadCommitment(ref json); break;
                case "actor": actor = ReadActor(ref json); break;
                case "by": by = ReadCommitment(ref json); break;
                case "category": category = json.GetString(); break;
                case "client": client = json.GetString(); break;
                case "correlation": correlation = json.GetString(); break;
                case "detail": detail = json.GetString(); break;
                case "instance": instance = json.GetString(); break;
                case "outcome": outcome = json.GetString(); break;
                case "reason": reason = json.GetString(); break;
                case "seq": sequence = json.GetInt64(); break;
                case "session": session = json.GetString(); break;
                case "subject": subject = ReadSubject(ref json); break;
                case "target": target = ReadTarget(ref json); break;
                case "ticket": ticket = json.GetString(); break;
                case "time": time = json.GetString(); break;
                case "type": type = json.GetString(); break;
                case "v": version = json.GetInt64(); break;
                default: throw Unknown(key);
            }
        }

        // Names are read as they are there or not, which the version decides; it stands behind them.
        var fits = version == Version
            ? actor?.Name is null && subject?.Name is null && client is null && reason is null && ticket is null && (detail is null || type == AuditEventTypes.ReadRequested)
            : version == VersionOf(instance) && about is null && by is null && actor?.Name is not null && (subject is null || subject.Name is not null);
        if (json.Read() || !fits || sequence < 1 || type is null || actor is null)
        {
            throw new FormatException($"These bytes are not an audit event of a version up to {Version}.");
        }

        var at = DateTimeOffset.ParseExact(time ?? "", TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var occurred = new AuditEvent(type, at, actor with { Name = actor.Name ?? "" })
        {
            Outcome = OutcomeOf(outcome),
            Subject = subject is null ? null : subject with { Name = subject.Name ?? "" },
            SessionId = session,
            Reason = reason,
            Category = category,
            Ticket = ticket,
            Target = target,
            Detail = detail,
            ClientAddress = client,
            CorrelationId = correlation,
            Instance = instance,
        };
        return new KeptEvent(sequence, occurred) { Version = (int)version, By = by, About = about };
    }

    private static string ReadCommitment(ref Utf8JsonReader json)
    {
        var text = json.GetString();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes + 1];
        return Convert.TryFromBase64String(text ?? "", hash, out var length) && length == SHA256.HashSizeInBytes
            ? text!
            : throw new FormatException("A commitment was expected.");
    }

    private static AuditActor ReadActor(ref Utf8JsonReader json)
    {
        string? id = null, name = null;
        ImmutableArray<Role> roles = [];
        Entered(ref json);
        while (NextKey(ref json, out var key))
        {
            switch (key)
            {
                case "id": id = json.GetString(); break;
                case "name": name = json.GetString(); break;
                case "roles": roles = [.. ReadTexts(ref json).Select(RoleOf)]; break;
                default: throw Unknown(key);
            }
        }

        return new AuditActor(new StaffId(Required(id)), name!, roles);
    }

    private static AuditSubject ReadSubject(ref Utf8JsonReader json)
    {
        string? collection = null, id = null, name = null;
        Entered(ref json);
        while (NextKey(ref json, out var key))
        {
            switch (key)
            {
                case "collection": collection = json.GetString(); break;
                case "id": id = json.GetString(); break;
                case "name": name = json.GetString(); break;
                default: throw Unknown(key);
            }
        }

        return new AuditSubject(Required(collection), Required(id), name!);
    }

    private static AuditTarget ReadTarget(ref Utf8JsonReader json)
    {
        string? collection = null, queryHash = null;
        int? count = null;
        ImmutableArray<string> records = [];
        Entered(ref json);
        while (NextKey(ref json, out var key))
        {
            switch (key)
            {
                case "collection": collection = json.GetString(); break;
                case "count": count = json.GetInt32(); break;
                case "queryHash": queryHash = json.GetString(); break;
                case "records": records = [.. ReadTexts(ref json)]; break;
                default: throw Unknown(key);
            }
        }

        return new AuditTarget(Required(collection)) { RecordIds = records, Count = count, QueryHash = queryHash };
    }

    private static List<string> ReadTexts(ref Utf8JsonReader json)
    {
        var texts = new List<string>();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw new FormatException("A list was expected.");
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(Required(json.GetString()));
        }

        return texts;
    }

    private static void Enter(ref Utf8JsonReader json)
    {
        json.Read();
        Entered(ref json);
    }

    private static void Entered(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("An object was expected.");
        }
    }

    private static bool NextKey(ref Utf8JsonReader json, out string key)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.EndObject)
        {
            key = "";
            return false;
        }

        key = json.GetString()!;
        json.Read();
        return true;
    }

    private static string Required(string? text) => text ?? throw new FormatException("A part of the event is missing.");

    private static FormatException Unknown(string key) => new($"Version {Version} of an audit event has no '{key}'.");

    /// <summary>Entries of the first shape keep it, so that their bytes and hashes are what they were.</summary>
    private static int VersionOf(string? instance) => instance is null ? 1 : 2;

    private static string NameOf(Role role) => role switch
    {
        Role.Agent => "agent",
        Role.Admin => "admin",
        Role.Manager => "manager",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    private static Role RoleOf(string name) => name switch
    {
        "agent" => Role.Agent,
        "admin" => Role.Admin,
        "manager" => Role.Manager,
        _ => throw new FormatException($"'{name}' is not a role."),
    };

    private static string NameOf(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Success => "success",
        AuditOutcome.Denied => "denied",
        AuditOutcome.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    private static AuditOutcome OutcomeOf(string? name) => name switch
    {
        "success" => AuditOutcome.Success,
        "denied" => AuditOutcome.Denied,
        "failed" => AuditOutcome.Failed,
        _ => throw new FormatException($"'{name}' is not an outcome."),
    };

    private static string? CleanOrAbsent(string? text) => text is null ? null : Clean(text);

    private static string Clean(string text) =>
        text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static ImmutableArray<T> Present<T>(ImmutableArray<T> items) => items.IsDefault ? [] : items;
}
