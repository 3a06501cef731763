using System.Collections.Immutable;
using System.Globalization;
using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit;

/// <summary>A view of the trail that one click opens.</summary>
internal sealed record AuditView(string Name, Func<DateTime, TimeZoneInfo, AuditFilter> FilterFor)
{
    /// <summary>All of them, in the order of the page.</summary>
    public static ImmutableArray<AuditView> All { get; } =
    [
        new("Everything", (_, _) => new AuditFilter()),
        new("Today", (today, zone) => new AuditFilter(From: today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).In(zone)),
        new("Refused", (_, _) => new AuditFilter(Outcome: "denied")),
        new("Failed", (_, _) => new AuditFilter(Outcome: "failed")),
        new("Sessions", (_, _) => new AuditFilter(Event: AuditEventTypes.SessionOpened)),
        new("Role changes", (_, _) => new AuditFilter(Event: "role.*")),
        new("Keys", (_, _) => new AuditFilter(Event: "key.*")),
    ];

    /// <summary>The view's filter for a reader whose clock says this.</summary>
    public AuditFilter FilterAt(DateTimeOffset now, TimeZoneInfo zone) => FilterFor(TimeZoneInfo.ConvertTime(now, zone).Date, zone);
}
