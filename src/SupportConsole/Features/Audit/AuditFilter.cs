using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Audit;

/// <summary>The filters of the audit page as they stand in its address. What can't be read doesn't narrow.</summary>
/// <param name="From">First day, <c>yyyy-MM-dd</c> in UTC.</param>
/// <param name="To">Last day, <c>yyyy-MM-dd</c> in UTC.</param>
/// <param name="Actor">A staff id.</param>
/// <param name="User">A user as <c>collection/id</c>.</param>
/// <param name="Event">An event type.</param>
/// <param name="Outcome"><c>success</c>, <c>denied</c> or <c>failed</c>.</param>
/// <param name="Session">A session id.</param>
/// <param name="Text">Beginnings of words.</param>
public sealed record AuditFilter(
    string? From = null, string? To = null, string? Actor = null, string? User = null,
    string? Event = null, string? Outcome = null, string? Session = null, string? Text = null)
{
    /// <summary>Whether nothing narrows.</summary>
    public bool IsAll => this == new AuditFilter();

    /// <summary>The page's address with these filters.</summary>
    public string ToAddress() => QueryHelpers.AddQueryString("audit", new Dictionary<string, string?>
    {
        ["from"] = Blank(From),
        ["to"] = Blank(To),
        ["staff"] = Blank(Actor),
        ["user"] = Blank(User),
        ["event"] = Blank(Event),
        ["outcome"] = Blank(Outcome),
        ["session"] = Blank(Session),
        ["text"] = Blank(Text),
    }.Where(pair => pair.Value is not null));

    /// <summary>The question to the trail.</summary>
    public AuditQuery ToQuery() => new()
    {
        From = Day(From),
        To = Day(To)?.AddDays(1),
        Actor = Blank(Actor) is { } actor ? new StaffId(actor) : null,
        Subject = User?.Split('/', 2) is [{ Length: > 0 } collection, { Length: > 0 } id] ? new AuditSubjectKey(collection, id) : null,
        Type = Blank(Event),
        Outcome = Enum.TryParse<AuditOutcome>(Outcome, ignoreCase: true, out var outcome) && Enum.IsDefined(outcome) ? outcome : null,
        SessionId = Blank(Session),
        Text = Blank(Text),
    };

    /// <summary>The filters that narrow, for the entry that says what was looked at. The text itself isn't named.</summary>
    public string Describe() => string.Join(", ", new[]
    {
        Part("from", From), Part("to", To), Part("staff", Actor), Part("user", User), Part("event", Event), Part("outcome", Outcome), Part("session", Session),
        Text is null ? null : "a text",
    }.Where(part => part is not null)) is { Length: > 0 } parts ? parts : "everything";

    // An address is input, and an entry is for ever: each part is cut.
    private static string? Part(string name, string? value) =>
        Blank(value) is { } text ? $"{name} {(text.Length > 80 ? text[..80] : text)}" : null;

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static DateTimeOffset? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year > 1 && day.Year < 9999
            ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
            : null;
}

/// <summary>A view that one click opens.</summary>
internal sealed record AuditView(string Name, Func<DateTimeOffset, AuditFilter> FilterAt);
