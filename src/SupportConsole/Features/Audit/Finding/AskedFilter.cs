using System.Globalization;
using SupportConsole.Core.Audit.Asking;

namespace SupportConsole.Features.Audit.Finding;

/// <summary>The filters of an address as one typed query, and back: what the bar and the fields say is the same.</summary>
internal static class AskedFilter
{
    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>The filters as a typed query: those with a parameter of their own first, and then what the address has as a query.</summary>
    public static string TextOf(AuditAddress filter) => string.Join(' ', new[] { AskedText.Write(TermsOf(filter)), AuditAddress.Blank(filter.Query) }.Where(part => !string.IsNullOrEmpty(part)));

    /// <summary>Where the address's own query begins in <see cref="TextOf"/>.</summary>
    public static int QueryAt(AuditAddress filter) => TextOf(filter).Length - (AuditAddress.Blank(filter.Query)?.Length ?? 0);

    /// <summary>
    /// The address of a typed query. What the parameters can say is said by them; with a fault, all of it stands as it was typed, so that
    /// its faults can be shown and it can be mended.
    /// </summary>
    /// <param name="text">What was typed.</param>
    /// <param name="before">The address that it was typed over: days that stay keep their zone.</param>
    /// <param name="zone">Where days that are new are days.</param>
    public static AuditAddress AddressOf(string text, AuditAddress before, TimeZoneInfo zone)
    {
        var asked = AskedText.Parse(text);
        var rest = asked.Terms.ToList();
        var address = asked.Faults.Count > 0
            ? new AuditAddress(Query: text)
            : new AuditAddress(
                From: Take(AskedKey.After, IsDay),
                To: Take(AskedKey.Before, IsDay) is { } last ? Moved(last, -1) : null,
                Actor: Take(AskedKey.Actor),
                User: Take(AskedKey.Subject),
                Event: Joined(AskedKey.Event, ","),
                Outcome: Take(AskedKey.Outcome),
                Session: Take(AskedKey.Session),
                Text: Joined(AskedKey.Text, " "));
        if (asked.Faults.Count == 0)
        {
            address = address with { Query = rest.Count == 0 ? null : AskedText.Write(rest) };
        }

        address = address with { Fold = before.Fold, Follow = before.Follow };
        return (address.From, address.To, TimesIn(address)) == (before.From, before.To, TimesIn(before)) ? address with { Zone = before.Zone } : address.In(zone);

        string? Take(AskedKey key, Func<string, bool>? fits = null)
        {
            if (rest.FindIndex(term => !term.IsNot && term.Key == key && fits?.Invoke(term.Value) != false) is var at and >= 0)
            {
                var value = rest[at].Value;
                rest.RemoveAt(at);
                return value;
            }

            return null;
        }

        string? Joined(AskedKey key, string between)
        {
            // Of a text in quotes more is asked than its words.
            var taken = rest.FindAll(term => !term.IsNot && term.Key == key && !(key == AskedKey.Text && term.IsQuoted));
            rest.RemoveAll(taken.Contains);
            return taken.Count == 0 ? null : string.Join(between, taken.Select(term => term.Value));
        }
    }

    /// <summary>The filters for another time, as far as it lies within their own: from one reading of the clock up to another.</summary>
    /// <param name="filter">The filters; readable.</param>
    /// <param name="begin">The first.</param>
    /// <param name="end">The end; itself no part of it.</param>
    /// <param name="isOfDays">Whether whole days are meant.</param>
    /// <param name="zone">Whose clocks.</param>
    public static AuditAddress Within(AuditAddress filter, DateTime begin, DateTime end, bool isOfDays, TimeZoneInfo zone)
    {
        var (always, given) = (Always(filter), FilterReading.Read(filter).Query);
        // What was given to the minute is no whole day.
        if (ClockOf(given.From) is { } from && from > begin)
        {
            (begin, isOfDays) = (from, isOfDays && from.TimeOfDay == TimeSpan.Zero);
        }

        if (ClockOf(given.To) is { } to && to < end)
        {
            (end, isOfDays) = (to, isOfDays && to.TimeOfDay == TimeSpan.Zero);
        }

        return (isOfDays
            ? always with { From = begin.ToString(DayFormat, CultureInfo.InvariantCulture), To = end.AddDays(-1).ToString(DayFormat, CultureInfo.InvariantCulture) }
            : always with { Query = AskedText.Write([.. AskedText.Parse(always.Query).Terms, TimeTerm(AskedKey.After, begin), TimeTerm(AskedKey.Before, end)]) }).In(zone);

        DateTime? ClockOf(DateTimeOffset? instant) => instant is { } at ? TimeZoneInfo.ConvertTime(at, zone).DateTime : null;
        static AskedTerm TimeTerm(AskedKey key, DateTime clock) => new(key, clock.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture));
    }

    /// <summary>The filters without any time.</summary>
    public static AuditAddress Always(AuditAddress filter) => filter with
    {
        From = null,
        To = null,
        Zone = null,
        Query = Without(filter.Query, AskedKey.After, AskedKey.Before),
    };

    /// <summary>The filters with one for a key, which takes the place of what their query says of it: no event has two.</summary>
    /// <param name="filter">The filters.</param>
    /// <param name="key">One of the keys of which there is one parameter and one term at most.</param>
    /// <param name="value">The value as its parameter has it; null takes that away, and nothing else.</param>
    public static AuditAddress Set(AuditAddress filter, AskedKey key, string? value)
    {
        filter = value is null ? filter : filter with { Query = Without(filter.Query, key) };
        return key switch
        {
            AskedKey.After => filter with { From = value },
            AskedKey.Before => filter with { To = value },
            AskedKey.Actor => filter with { Actor = value },
            AskedKey.Subject => filter with { User = value },
            AskedKey.Outcome => filter with { Outcome = value },
            AskedKey.Session => filter with { Session = value },
            _ => throw new ArgumentOutOfRangeException(nameof(key), key, null),
        };
    }

    /// <summary>The address with another value in one term of its query, in which it stood at a place.</summary>
    public static AuditAddress With(AuditAddress filter, AskedTerm term, string value)
    {
        var query = AuditAddress.Blank(filter.Query)!;
        var at = term.At - QueryAt(filter);
        return filter with { Query = $"{query[..at]}{term with { Value = value, IsQuoted = false }}{query[(at + term.Length)..]}" };
    }

    /// <summary>A query without what it asks for by some keys; what it leaves out by them, and what can't be read, stays as it was typed.</summary>
    private static string? Without(string? query, params ReadOnlySpan<AskedKey> keys)
    {
        foreach (var term in AskedText.Parse(query).Terms.Reverse())
        {
            if (!term.IsNot && keys.Contains(term.Key))
            {
                query = query!.Remove(term.At, Math.Min(term.Length + 1, query.Length - term.At));
            }
        }

        return AuditAddress.Blank(query);
    }

    private static IEnumerable<AskedTerm> TermsOf(AuditAddress filter)
    {
        (AskedKey Key, string? Value)[] single =
        [
            (AskedKey.After, filter.From), (AskedKey.Before, AuditAddress.Blank(filter.To) is { } to && IsDay(to) ? Moved(to, 1) : filter.To),
            (AskedKey.Actor, filter.Actor), (AskedKey.Subject, filter.User),
            (AskedKey.Event, filter.Event is { } types ? string.Join(',', types.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) : null),
            (AskedKey.Outcome, filter.Outcome), (AskedKey.Session, filter.Session),
        ];
        foreach (var (key, value) in single)
        {
            if (AuditAddress.Blank(value) is { } asked)
            {
                yield return new AskedTerm(key, asked);
            }
        }

        // Its words alone count, so that none of its signs need be taken for something else.
        foreach (var part in (filter.Text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (AskedText.Parse(part) is { Faults: [], Terms: [{ Key: AskedKey.Text, IsNot: false, IsQuoted: false }] })
            {
                yield return new AskedTerm(AskedKey.Text, part);
                continue;
            }

            foreach (var word in IndexWords.WordsIn(part))
            {
                yield return new AskedTerm(AskedKey.Text, word);
            }
        }
    }

    /// <summary>The times that only the query says, as one text.</summary>
    private static string TimesIn(AuditAddress filter) =>
        AskedText.Write(AskedText.Parse(filter.Query).Terms.Where(term => term.Key is AskedKey.After or AskedKey.Before));

    private static bool IsDay(string text) => DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1 and < 9999;

    private static string Moved(string day, int days) =>
        DateOnly.ParseExact(day, DayFormat, CultureInfo.InvariantCulture).AddDays(days).ToString(DayFormat, CultureInfo.InvariantCulture);
}
