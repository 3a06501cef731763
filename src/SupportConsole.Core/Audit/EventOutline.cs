using System.Globalization;
using System.Text.Json;

namespace SupportConsole.Core.Audit;

/// <summary>
/// What finds an event and binds its personal text, straight from its canonical bytes and without taking any of them apart: the quick way
/// for whoever goes through millions. Where it can't be had so, <see cref="CanonicalForm.Decode"/> says what the bytes are.
/// </summary>
public readonly ref struct EventOutline
{
    private const int TimeLength = 27;

    /// <summary>Its place.</summary>
    public long Sequence { get; private init; }

    /// <summary>When, in microseconds since 1970, UTC.</summary>
    public long Microseconds { get; private init; }

    /// <summary>How it ended.</summary>
    public AuditOutcome Outcome { get; private init; }

    /// <summary>Its type, in UTF-8 as the others below.</summary>
    public ReadOnlySpan<byte> Type { get; private init; }

    /// <summary>The id of who acted.</summary>
    public ReadOnlySpan<byte> Actor { get; private init; }

    /// <summary>The collection of whom it was about; empty for nobody.</summary>
    public ReadOnlySpan<byte> SubjectCollection { get; private init; }

    /// <summary>Their id.</summary>
    public ReadOnlySpan<byte> SubjectId { get; private init; }

    /// <summary>Its session's id; empty for none.</summary>
    public ReadOnlySpan<byte> Session { get; private init; }

    /// <summary>The commitment to what it says of who acted; empty for none.</summary>
    public ReadOnlySpan<byte> By { get; private init; }

    /// <summary>The commitment to what it says of whom and what it was about; empty for none.</summary>
    public ReadOnlySpan<byte> About { get; private init; }

    /// <summary>Reads one. False where a value isn't written plainly, or the bytes aren't an event's: neither is said by it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> canonical, out EventOutline outline)
    {
        outline = default;
        try
        {
            return TryReadPlain(canonical, out outline);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <summary>
    /// Reads the event of a place with the personal text that was written with it. False also where there is another event in the place, or
    /// other text: <see cref="KeptEvent.IsBoundTo"/> says whether that is so, for erased text among others.
    /// </summary>
    /// <param name="canonical">The event's bytes.</param>
    /// <param name="sequence">The place.</param>
    /// <param name="personal">The bytes beside them; empty for none.</param>
    /// <param name="outline">What it read.</param>
    public static bool TryReadWhole(ReadOnlySpan<byte> canonical, long sequence, ReadOnlySpan<byte> personal, out EventOutline outline) =>
        TryRead(canonical, out outline) && outline.Sequence == sequence && Commitments.AreKept(personal, outline.By, outline.About);

    private static bool TryReadPlain(ReadOnlySpan<byte> canonical, out EventOutline outline)
    {
        outline = default;
        var json = new Utf8JsonReader(canonical);
        ReadOnlySpan<byte> type = default, time = default, outcome = default, actor = default, collection = default, id = default, session = default, by = default, about = default;
        long sequence = 0;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.ValueSpan;
            json.Read();
            var isPlain = key switch
            {
                _ when key.SequenceEqual("type"u8) => TryText(json, out type),
                _ when key.SequenceEqual("time"u8) => TryText(json, out time),
                _ when key.SequenceEqual("outcome"u8) => TryText(json, out outcome),
                _ when key.SequenceEqual("session"u8) => TryText(json, out session),
                _ when key.SequenceEqual("by"u8) => TryText(json, out by),
                _ when key.SequenceEqual("about"u8) => TryText(json, out about),
                _ when key.SequenceEqual("seq"u8) => json.TryGetInt64(out sequence),
                _ when key.SequenceEqual("actor"u8) => TryWithin(ref json, "id"u8, out actor, default, out _),
                _ when key.SequenceEqual("subject"u8) => TryWithin(ref json, "collection"u8, out collection, "id"u8, out id) && collection.Length > 0,
                _ => json.TrySkip(),
            };
            if (!isPlain)
            {
                return false;
            }
        }

        if (json.TokenType != JsonTokenType.EndObject || json.Read() || !TryTime(time, out var microseconds) || !TryOutcome(outcome, out var ended))
        {
            return false;
        }

        outline = new EventOutline
        {
            Sequence = sequence, Microseconds = microseconds, Outcome = ended, Type = type, Actor = actor,
            SubjectCollection = collection, SubjectId = id, Session = session, By = by, About = about,
        };
        return true;
    }

    private static bool TryText(scoped in Utf8JsonReader json, out ReadOnlySpan<byte> text)
    {
        text = json.ValueSpan;
        return json.TokenType == JsonTokenType.String && !json.ValueIsEscaped;
    }

    /// <summary>Two texts of an object, which is read to its end.</summary>
    private static bool TryWithin(scoped ref Utf8JsonReader json, scoped ReadOnlySpan<byte> first, out ReadOnlySpan<byte> one, scoped ReadOnlySpan<byte> second, out ReadOnlySpan<byte> other)
    {
        one = other = default;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.ValueSpan;
            json.Read();
            if (key.SequenceEqual(first) ? !TryText(json, out one) : key.SequenceEqual(second) ? !TryText(json, out other) : !json.TrySkip())
            {
                return false;
            }
        }

        return json.TokenType == JsonTokenType.EndObject;
    }

    private static bool TryOutcome(ReadOnlySpan<byte> text, out AuditOutcome outcome)
    {
        outcome = text.SequenceEqual("success"u8) ? AuditOutcome.Success : text.SequenceEqual("denied"u8) ? AuditOutcome.Denied : AuditOutcome.Failed;
        return outcome != AuditOutcome.Failed || text.SequenceEqual("failed"u8);
    }

    private static bool TryTime(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        if (text.Length != TimeLength || text[10] != 'T' || text[^1] != 'Z'
            || !int.TryParse(text[..4], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || !int.TryParse(text[5..7], NumberStyles.None, CultureInfo.InvariantCulture, out var month)
            || !int.TryParse(text[8..10], NumberStyles.None, CultureInfo.InvariantCulture, out var day)
            || !int.TryParse(text[11..13], NumberStyles.None, CultureInfo.InvariantCulture, out var hour)
            || !int.TryParse(text[14..16], NumberStyles.None, CultureInfo.InvariantCulture, out var minute)
            || !int.TryParse(text[17..19], NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            || !int.TryParse(text[20..26], NumberStyles.None, CultureInfo.InvariantCulture, out var fraction)
            || year is 0 || month is 0 or > 12 || day is 0 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        microseconds = ((new DateTime(year, month, day).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond) + (((((hour * 60L) + minute) * 60) + second) * 1_000_000) + fraction;
        return true;
    }
}
