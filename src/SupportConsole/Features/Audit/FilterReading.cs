using System.Globalization;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Audit;

/// <summary>
/// What the filters of an address ask for. One that can't be read is a fault, and with a fault nothing is asked: rows under a filter
/// that doesn't narrow would be taken for what it finds.
/// </summary>
public sealed class FilterReading
{
    private const int LongestQuoted = 60;

    private readonly Dictionary<string, string> _faults = [];
    private readonly List<string> _applied = [];

    private FilterReading(AuditAddress filter)
    {
        if (filter.Unread is { } unread)
        {
            Fault(nameof(AuditAddress.Unread), $"The address has “{Quoted(unread)}”, which is no filter, or is given twice.");
        }

        var zone = ZoneOf(filter.Zone);
        var (from, to) = (DayOf(nameof(AuditAddress.From), filter.From), DayOf(nameof(AuditAddress.To), filter.To));
        if (from > to)
        {
            Fault(nameof(AuditAddress.To), "The last day is before the first.");
        }

        Query = new AuditQuery
        {
            From = from is { } first ? BeginningOf(first, zone) : null,
            To = to is { } last ? BeginningOf(last.AddDays(1), zone) : null,
            Actor = Applied("staff", filter.Actor) is { } actor ? new StaffId(actor) : null,
            Subject = SubjectOf(filter.User),
            Types = TypesOf(filter.Event),
            Outcome = OutcomeOf(filter.Outcome),
            SessionId = Applied("session", filter.Session),
            Text = TextOf(filter.Text),
        };
        if ((from ?? to) is not null && zone != TimeZoneInfo.Utc)
        {
            _applied.Add($"days of {zone.Id}");
        }
    }

    /// <summary>The question to the trail. Only to be asked without faults, and once the person is found.</summary>
    public AuditQuery Query { get; }

    /// <summary>What can't be read, a sentence for each by its filter's name.</summary>
    public IReadOnlyDictionary<string, string> Faults => _faults;

    /// <summary>The e-mail address, name or id by which a user has yet to be found; null when there is nobody to find.</summary>
    public string? Person { get; private set; }

    /// <summary>Reads the filters of an address.</summary>
    public static FilterReading Read(AuditAddress filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return new FilterReading(filter);
    }

    /// <summary>
    /// What is shown, for the entry that says what was looked at. What people typed to find somebody or something isn't named.
    /// </summary>
    public string Describe()
    {
        if (_faults.Count > 0)
        {
            return $"nothing: the filter {string.Join(", ", _faults.Keys.Select(name => name == nameof(AuditAddress.Unread) ? "address" : name.ToLowerInvariant()))} can't be read";
        }

        return Person is not null ? "nothing yet: whom a text means" : _applied.Count == 0 ? "everything" : string.Join(", ", _applied);
    }

    private TimeZoneInfo ZoneOf(string? name)
    {
        if (AuditAddress.Blank(name) is not { } asked)
        {
            return TimeZoneInfo.Utc;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(asked, out var zone))
        {
            return zone;
        }

        Fault(nameof(AuditAddress.Zone), $"“{Quoted(asked)}” is no time zone that this server knows. Write one such as Europe/Berlin, or leave it out for UTC.");
        return TimeZoneInfo.Utc;
    }

    private DateOnly? DayOf(string name, string? text)
    {
        if (AuditAddress.Blank(text) is not { } asked)
        {
            return null;
        }

        if (!DateOnly.TryParseExact(asked, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is < 2 or > 9998)
        {
            Fault(name, $"“{Quoted(asked)}” is no day. Write it as year-month-day, such as 2026-12-01.");
            return null;
        }

        _applied.Add($"{name.ToLowerInvariant()} {asked}");
        return day;
    }

    /// <summary>The first instant of a day. Where clocks are put forward at midnight, that is later than midnight.</summary>
    private static DateTimeOffset BeginningOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(1);
        }

        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset);
    }

    private AuditSubjectKey? SubjectOf(string? text)
    {
        if (AuditAddress.Blank(text) is not { } asked)
        {
            return null;
        }

        // A collection's name is letters, digits and underscores; what else has a slash in it is part of an address or a name.
        if (asked.Split('/', 2) is [{ Length: > 0 } collection, { Length: > 0 } id] && collection.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            _applied.Add($"user {Quoted(asked)}");
            return new AuditSubjectKey(collection, id);
        }

        Person = asked;
        return null;
    }

    private IReadOnlyList<string> TypesOf(string? text)
    {
        if (AuditAddress.Blank(text) is not { } asked)
        {
            return [];
        }

        var types = new List<string>();
        foreach (var name in asked.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var named = AuditEventTypes.All.Where(type => type == name || (name.EndsWith(".*", StringComparison.Ordinal) && type.StartsWith(name[..^1], StringComparison.Ordinal))).ToList();
            if (named.Count == 0)
            {
                Fault(nameof(AuditAddress.Event), $"“{Quoted(name)}” is no event. Choose one from the list, or write a group such as role.*");
            }

            types.AddRange(named);
        }

        if (types.Count == 0 && !_faults.ContainsKey(nameof(AuditAddress.Event)))
        {
            Fault(nameof(AuditAddress.Event), $"“{Quoted(asked)}” names no event. Choose one from the list.");
        }

        _applied.Add($"event {Quoted(asked)}");
        return [.. types.Distinct(StringComparer.Ordinal)];
    }

    private AuditOutcome? OutcomeOf(string? text)
    {
        if (AuditAddress.Blank(text) is not { } asked)
        {
            return null;
        }

        foreach (var outcome in Enum.GetValues<AuditOutcome>())
        {
            if (string.Equals(outcome.ToString(), asked, StringComparison.OrdinalIgnoreCase)) // Not by number, which nobody means.
            {
                _applied.Add($"outcome {asked.ToLowerInvariant()}");
                return outcome;
            }
        }

        Fault(nameof(AuditAddress.Outcome), $"“{Quoted(asked)}” is no outcome. There are success, denied and failed.");
        return null;
    }

    private string? TextOf(string? text)
    {
        if (AuditAddress.Blank(text) is not { } asked)
        {
            return null;
        }

        switch (IndexWords.WordsIn(asked).Distinct(StringComparer.Ordinal).Take(IndexWords.WordsAsked + 1).Count())
        {
            case 0:
                Fault(nameof(AuditAddress.Text), "There is no letter or digit in this text, and only words are searched.");
                break;
            case > IndexWords.WordsAsked:
                Fault(nameof(AuditAddress.Text), $"These are more than {IndexWords.WordsAsked} words. Leave some out.");
                break;
        }

        _applied.Add("a text");
        return asked;
    }

    private string? Applied(string name, string? text)
    {
        if (AuditAddress.Blank(text) is { } asked)
        {
            _applied.Add($"{name} {Quoted(asked)}");
            return asked;
        }

        return null;
    }

    private void Fault(string name, string sentence) => _faults.TryAdd(name, sentence);

    // An address is input, an entry is for ever, and a sentence goes on behind what it quotes.
    private static string Quoted(string text) => VisibleText.Isolate(text.Length <= LongestQuoted ? text : $"{text[..LongestQuoted]}…");
}
