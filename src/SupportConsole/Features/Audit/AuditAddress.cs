using Microsoft.AspNetCore.WebUtilities;
using SupportConsole.Core.Audit.Asking;

namespace SupportConsole.Features.Audit;

/// <summary>The filters of the audit page as they stand in its address, read or not; <see cref="FilterReading"/> reads them.</summary>
/// <param name="From">First day, <c>yyyy-MM-dd</c>.</param>
/// <param name="To">Last day, <c>yyyy-MM-dd</c>.</param>
/// <param name="Actor">A staff id.</param>
/// <param name="User">A user as <c>collection/id</c>, or an e-mail address, name or id to find one by.</param>
/// <param name="Event">Event types with commas between them; <c>role.*</c> means all that begin so.</param>
/// <param name="Outcome"><c>success</c>, <c>denied</c> or <c>failed</c>.</param>
/// <param name="Session">A session id.</param>
/// <param name="Text">Beginnings of words.</param>
/// <param name="Zone">Where the days are days, as an IANA name; UTC when it is null, which it isn't on a page that has days.</param>
/// <param name="Query">A typed query of what the others can't say, such as what is left out.</param>
public sealed record AuditAddress(
    string? From = null, string? To = null, string? Actor = null, string? User = null,
    string? Event = null, string? Outcome = null, string? Session = null, string? Text = null, string? Zone = null,
    string? Query = null)
{
    /// <summary>The value of <see cref="Fold"/> that makes one row of all of a session.</summary>
    public const string Sessions = "sessions";

    // The last is no filter: it says that the person left a form to confirm who they are, and is back.
    private static readonly string[] Names = [.. new AuditAddress().Parts.Select(part => part.Key), "fold", "resume"];

    /// <summary>What else stands in the address, and so can't be taken for a filter: an unknown name, or one that is given twice.</summary>
    public string? Unread { get; init; }

    /// <summary>Whether new events are shown as they come; no filter.</summary>
    public bool Follow { get; init; }
    /// <summary>What is shown as one row, beside reads: <see cref="Sessions"/>, or null. It is no filter, and stays when filters change.</summary>
    public string? Fold { get; init; }

    /// <summary>Finds what an address has beside one of each filter.</summary>
    public static string? UnreadIn(string address)
    {
        var given = QueryHelpers.ParseQuery(new Uri(address).Query);
        return given.Where(pair => pair.Value.Count > 1 || !Names.Contains(pair.Key, StringComparer.OrdinalIgnoreCase)).Select(pair => pair.Key).FirstOrDefault();
    }

    /// <summary>Whether nothing narrows.</summary>
    public bool IsAll => Filters == new AuditAddress();

    /// <summary>The filters alone.</summary>
    public AuditAddress Filters => this with { Fold = null, Follow = false };

    /// <summary>The page's address with these filters.</summary>
    public string ToAddress() => QueryHelpers.AddQueryString(
        "audit", Parts.Append(new("fold", Fold == Sessions ? Sessions : null)).Where(part => part.Value is not null));

    /// <summary>The same with its days in a zone, by whatever name UTC has here; without a day there is nothing to name.</summary>
    public AuditAddress In(TimeZoneInfo zone) => this with { Zone = HasDays ? NameOf(zone) : null };

    /// <summary>The same where it says itself whose days it means. Otherwise they are of a zone, which it then says to whoever else gets it.</summary>
    public AuditAddress CompletedWith(TimeZoneInfo zone) => Blank(Zone) is null ? In(zone) : this;

    /// <summary>Whether a day stands in it, whose beginning depends on the zone.</summary>
    public bool HasDays => (Blank(From) ?? Blank(To)) is not null || AskedText.Parse(Query).Terms.Any(term => term.Key is AskedKey.After or AskedKey.Before);

    /// <summary>How an address calls a zone: UTC, which has many names, by one.</summary>
    internal static string NameOf(TimeZoneInfo zone) => zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime ? TimeZoneInfo.Utc.Id : zone.Id;

    /// <summary>Each filter under its name in the address.</summary>
    private IReadOnlyList<KeyValuePair<string, string?>> Parts =>
    [
        new("from", Blank(From)),
        new("to", Blank(To)),
        new("zone", Blank(Zone)),
        new("staff", Blank(Actor)),
        new("user", Blank(User)),
        new("event", Blank(Event)),
        new("outcome", Blank(Outcome)),
        new("session", Blank(Session)),
        new("text", Blank(Text)),
        new("q", Blank(Query)),
        new("follow", Follow ? "1" : null),
    ];

    /// <summary>A filter's text; null when it doesn't narrow.</summary>
    internal static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
