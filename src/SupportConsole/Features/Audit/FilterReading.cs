using System.Globalization;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Asking;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit.Finding;

namespace SupportConsole.Features.Audit;

/// <summary>
/// What the filters of an address ask for. One that can't be read is a fault, and with a fault nothing is asked: rows under a filter
/// that doesn't narrow would be taken for what it finds.
/// </summary>
public sealed class FilterReading
{
    private const int LongestQuoted = 60;

    private readonly Dictionary<string, string> _faults = [];
    private readonly List<AskedFault> _marks = [];
    private readonly List<string> _applied = [];
    private readonly AuditAddress _filter;
    private AuditExcept? _except;

    private FilterReading(AuditAddress filter)
    {
        if (filter.Unread is { } unread)
        {
            Fault(nameof(AuditAddress.Unread), $"The address has “{Quoted(unread)}”, which is no filter, or is given twice.");
        }

        _filter = filter;
        Asked = AskedText.Parse(AskedFilter.TextOf(filter));
        var zone = ZoneOf(filter.Zone);
        var (from, to) = (DayOf(nameof(AuditAddress.From), filter.From), DayOf(nameof(AuditAddress.To), filter.To));
        if (from > to)
        {
            Fault(nameof(AuditAddress.To), "The last day is before the first.");
        }

        var query = new AuditQuery
        {
            From = from is { } first ? BeginningOf(first, zone) : null,
            To = to is { } last ? BeginningOf(last.AddDays(1), zone) : null,
            Actor = ActorOf(filter.Actor, id => filter with { Actor = id }),
            Subject = SubjectOf(filter.User, id => filter with { User = id }) is { } subject ? Applied("user", subject) : null,
            Types = TypesOf(nameof(AuditAddress.Event), filter.Event, "event"),
            Outcome = OutcomeOf(nameof(AuditAddress.Outcome), filter.Outcome, "outcome"),
            SessionId = Applied("session", filter.Session),
            Text = TextOf(filter.Text),
        };
        MarkFields();
        Query = ReadQuery(query, zone);
        if (filter.HasDays && zone != TimeZoneInfo.Utc)
        {
            _applied.Add($"days of {zone.Id}");
        }
    }

    /// <summary>The filters as one typed query, which <see cref="Marks"/> point into.</summary>
    public AskedText Asked { get; }

    /// <summary>What can't be read, by its place in <see cref="Asked"/>; what isn't part of it, such as the zone, is among <see cref="Faults"/> alone.</summary>
    public IReadOnlyList<AskedFault> Marks => _marks;

    /// <summary>The question to the trail. Only to be asked without faults, and once the person is found.</summary>
    public AuditQuery Query { get; }

    /// <summary>What can't be read, a sentence for each by its filter's name.</summary>
    public IReadOnlyDictionary<string, string> Faults => _faults;

    /// <summary>Whom a filter names by something else than an id; null when there is nobody to find.</summary>
    public WantedPerson? Wanted { get; private set; }

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

        return Wanted is not null ? "nothing yet: whom a text means" : $"{(_applied.Count == 0 ? "everything" : string.Join(", ", _applied))}{(_filter.Follow ? ", and what comes" : "")}";
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

        Fault(nameof(AuditAddress.Zone), $"“{Quoted(asked)}” is no time zone that this server knows. Write one such as Europe/Berlin or UTC.");
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
    internal static DateTimeOffset BeginningOf(DateOnly day, TimeZoneInfo zone) => InstantOf(day.ToDateTime(TimeOnly.MinValue), zone);

    /// <summary>The first instant at which clocks say this, or the next one that they do say.</summary>
    internal static DateTimeOffset InstantOf(DateTime clock, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(clock))
        {
            clock = clock.AddMinutes(1);
        }

        var offset = zone.IsAmbiguousTime(clock) ? zone.GetAmbiguousTimeOffsets(clock).Max() : zone.GetUtcOffset(clock);
        return new DateTimeOffset(clock, offset);
    }

    /// <summary>Reads what the address has as a query on top of its other filters. Where it can't be read, nothing of it counts.</summary>
    private AuditQuery ReadQuery(AuditQuery query, TimeZoneInfo zone)
    {
        var begin = AskedFilter.QueryAt(_filter);
        foreach (var fault in Asked.Faults.Where(fault => fault.At + fault.Length > begin))
        {
            _marks.Add(fault);
            Fault(nameof(AuditAddress.Query), fault.Sentence);
        }

        if (_faults.ContainsKey(nameof(AuditAddress.Query)))
        {
            return query;
        }

        foreach (var term in Asked.Terms.Where(term => term.At >= begin))
        {
            var known = _faults.Count;
            query = Narrowed(query, term, zone);
            if (_faults.Count > known)
            {
                _marks.Add(new AskedFault(term.At, term.Length, _faults[nameof(AuditAddress.Query)]));
                return query;
            }
        }

        if (query.From >= query.To && !_faults.ContainsKey(nameof(AuditAddress.To)))
        {
            Fault(nameof(AuditAddress.Query), "The end of this time is before its beginning.");
            _marks.Add(new AskedFault(begin, Asked.Text.Length - begin, _faults[nameof(AuditAddress.Query)]));
        }

        return query with { Except = _except };
    }

    private AuditQuery Narrowed(AuditQuery query, AskedTerm term, TimeZoneInfo zone)
    {
        const string name = nameof(AuditAddress.Query);
        var except = _except ?? new AuditExcept();
        switch (term)
        {
            case { Key: AskedKey.After }:
                return query with { From = TimeOf(term, zone) };
            case { Key: AskedKey.Before }:
                return query with { To = TimeOf(term, zone) };
            case { Key: AskedKey.Actor, IsNot: false }:
                return query with { Actor = ActorOf(term.Value, id => AskedFilter.With(_filter, term, id)) };
            case { Key: AskedKey.Subject, IsNot: false }:
                return query with { Subject = SubjectOf(term.Value, id => AskedFilter.With(_filter, term, id)) is { } subject ? Applied("user", subject) : null };
            case { Key: AskedKey.Event, IsNot: false }:
                return query with { Types = [.. query.Types.Union(TypesOf(name, term.Value, "event"))] };
            case { Key: AskedKey.Outcome, IsNot: false }:
                return query with { Outcome = OutcomeOf(name, term.Value, "outcome") };
            case { Key: AskedKey.Session, IsNot: false }:
                return query with { SessionId = Applied("session", term.Value) };
            case { Key: AskedKey.Ticket, IsNot: false }:
                return query with { Ticket = Applied("ticket", WithWords(term)) };
            case { IsNot: false, IsQuoted: true }:
                _applied.Add("a text");
                return query with { Phrases = [.. query.Phrases, WithWords(term)] };
            case { IsNot: false }:
                _applied.Add("a text");
                return query with { Text = WithWords(term, query.Text) };
            case { Key: AskedKey.Actor }:
                _except = ActorOf(term.Value, id => AskedFilter.With(_filter, term, id), "not staff") is { } actor ? except with { Actors = [.. except.Actors, actor] } : _except;
                return query;
            case { Key: AskedKey.Subject }:
                _except = SubjectOf(term.Value, id => AskedFilter.With(_filter, term, id)) is { } other
                    ? except with { Subjects = [.. except.Subjects, Applied("not user", other)] }
                    : _except;
                return query;
            case { Key: AskedKey.Event }:
                _except = except with { Types = [.. except.Types.Union(TypesOf(name, term.Value, "not event"))] };
                return query;
            case { Key: AskedKey.Outcome }:
                _except = OutcomeOf(name, term.Value, "not outcome") is { } outcome ? except with { Outcomes = [.. except.Outcomes, outcome] } : _except;
                return query;
            case { Key: AskedKey.Session }:
                _except = except with { Sessions = [.. except.Sessions, Applied("not session", term.Value)!] };
                return query;
            case { Key: AskedKey.Ticket }:
                _except = except with { Tickets = [.. except.Tickets, Applied("not ticket", WithWords(term))!] };
                return query;
            case { IsQuoted: true }:
                _applied.Add("not a text");
                _except = except with { Phrases = [.. except.Phrases, WithWords(term)] };
                return query;
            default:
                _applied.Add("not a text");
                _except = except with { Texts = [.. except.Texts, WithWords(term)] };
                return query;
        }
    }

    /// <summary>A day's beginning, or a minute of it.</summary>
    private DateTimeOffset? TimeOf(AskedTerm term, TimeZoneInfo zone)
    {
        if (!DateTime.TryParseExact(term.Value, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock) || clock.Year is < 2 or > 9998)
        {
            Fault(nameof(AuditAddress.Query), $"“{Quoted(term.Value)}” is no time. Write it as year-month-day, such as 2026-12-01, or with a minute, such as 2026-12-01T14:30.");
            return null;
        }

        _applied.Add($"{AskedText.NameOf(term.Key)} {term.Value}");
        return InstantOf(clock, zone);
    }

    private string WithWords(AskedTerm term, string? before = null)
    {
        if (!IndexWords.WordsIn(term.Value).Any())
        {
            Fault(nameof(AuditAddress.Query), $"There is no letter or digit in “{Quoted(term.Value)}”, and only words are searched.");
        }

        var all = before is null ? term.Value : $"{before} {term.Value}";
        if (IndexWords.WordsIn(all).Distinct(StringComparer.Ordinal).Take(IndexWords.WordsAsked + 1).Count() > IndexWords.WordsAsked)
        {
            Fault(nameof(AuditAddress.Query), $"These are more than {IndexWords.WordsAsked} words. Leave some out.");
        }

        return all;
    }

    /// <summary>Marks the terms of the query that the fields' faults are about.</summary>
    private void MarkFields()
    {
        foreach (var (name, sentence) in _faults)
        {
            var key = name switch
            {
                nameof(AuditAddress.From) => AskedKey.After,
                nameof(AuditAddress.To) => AskedKey.Before,
                nameof(AuditAddress.Event) => AskedKey.Event,
                nameof(AuditAddress.Outcome) => AskedKey.Outcome,
                nameof(AuditAddress.Text) => AskedKey.Text,
                _ => (AskedKey?)null,
            };
            if (Asked.Terms.FirstOrDefault(term => term.Key == key) is { } term)
            {
                _marks.Add(new AskedFault(term.At, term.Length, sentence));
            }
        }
    }

    private StaffId? ActorOf(string? text, Func<string, AuditAddress> with, string name = "staff")
    {
        if (AuditAddress.Blank(text) is not { } asked)
        {
            return null;
        }

        // An id of a provider has a slash in it, and no name or address that people type has.
        if (asked.Contains('/', StringComparison.Ordinal) || asked == StaffId.System.Value)
        {
            return new StaffId(Applied(name, asked)!);
        }

        Wanted ??= new WantedPerson(IsStaff: true, asked, with);
        return null;
    }

    private AuditSubjectKey? SubjectOf(string? text, Func<string, AuditAddress> with)
    {
        if (AuditAddress.Blank(text) is not { } asked)
        {
            return null;
        }

        // A collection's name is letters, digits and underscores; what else has a slash in it is part of an address or a name.
        if (asked.Split('/', 2) is [{ Length: > 0 } collection, { Length: > 0 } id] && collection.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            return new AuditSubjectKey(collection, id);
        }

        Wanted ??= new WantedPerson(IsStaff: false, asked, with);
        return null;
    }

    private IReadOnlyList<string> TypesOf(string filter, string? text, string applied)
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
                Fault(filter, $"“{Quoted(name)}” is no event. Choose one from the list, or write a group such as role.*");
            }

            types.AddRange(named);
        }

        if (types.Count == 0 && !_faults.ContainsKey(filter))
        {
            Fault(filter, $"“{Quoted(asked)}” names no event. Choose one from the list.");
        }

        _applied.Add($"{applied} {Quoted(asked)}");
        return [.. types.Distinct(StringComparer.Ordinal)];
    }

    private AuditOutcome? OutcomeOf(string filter, string? text, string applied)
    {
        if (AuditAddress.Blank(text) is not { } asked)
        {
            return null;
        }

        foreach (var outcome in Enum.GetValues<AuditOutcome>())
        {
            if (string.Equals(outcome.ToString(), asked, StringComparison.OrdinalIgnoreCase)) // Not by number, which nobody means.
            {
                _applied.Add($"{applied} {asked.ToLowerInvariant()}");
                return outcome;
            }
        }

        Fault(filter, $"“{Quoted(asked)}” is no outcome. There are success, denied and failed.");
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

    private AuditSubjectKey Applied(string name, AuditSubjectKey subject)
    {
        _applied.Add($"{name} {Named(subject.ToString())}");
        return subject;
    }

    private string? Applied(string name, string? text)
    {
        if (AuditAddress.Blank(text) is { } asked)
        {
            _applied.Add($"{name} {Named(asked)}");
            return asked;
        }

        return null;
    }

    private void Fault(string name, string sentence) => _faults.TryAdd(name, sentence);

    // An address is input, an entry is for ever, and a sentence goes on behind what it quotes.
    private static string Quoted(string text) => VisibleText.Isolate(VisibleText.Shortened(text, LongestQuoted));

    // Ids have no @ in them, and an e-mail address that was taken for one would stand in the trail where no erasure finds it.
    private static string Named(string text) => text.Contains('@', StringComparison.Ordinal) ? "(an address)" : Quoted(text);
}
