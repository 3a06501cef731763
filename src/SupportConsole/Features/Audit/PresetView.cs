using System.Collections.Immutable;
using System.Globalization;
using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit;

/// <summary>A view of the trail that one click opens.</summary>
internal sealed record PresetView(string Name, Func<DateTime, TimeZoneInfo, AuditAddress> FilterFor)
{
    /// <summary>All of them, in the order of the page.</summary>
    public static ImmutableArray<PresetView> All { get; } =
    [
        new("Everything", (_, _) => new AuditAddress()),
        new("Today", (today, zone) => new AuditAddress(From: today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).In(zone)),
        new("Refused", (_, _) => new AuditAddress(Outcome: "denied")),
        new("Failed", (_, _) => new AuditAddress(Outcome: "failed")),
        new("Sessions", (_, _) => new AuditAddress(Event: AuditEventTypes.SessionOpened)),
        new("Role changes", (_, _) => new AuditAddress(Event: "role.*")),
        new("Keys", (_, _) => new AuditAddress(Event: "key.*")),
    ];

    /// <summary>The view's filter for a reader whose clock says this.</summary>
    public AuditAddress FilterAt(DateTimeOffset now, TimeZoneInfo zone) => FilterFor(TimeZoneInfo.ConvertTime(now, zone).Date, zone);
}
