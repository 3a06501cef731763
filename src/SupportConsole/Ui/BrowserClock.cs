namespace SupportConsole.Ui;

/// <summary>The reader's time zone, as the browser tells it once a page is up.</summary>
/// <param name="Zone">UTC until the browser has spoken, or where it names a zone the server doesn't know.</param>
public sealed record BrowserClock(TimeZoneInfo Zone)
{
    /// <summary>Reads an IANA name such as <c>Europe/Berlin</c>.</summary>
    public static BrowserClock From(string? name) =>
        new(name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc);
}
