using System.Globalization;

namespace SupportConsole.Features.ApiKeys;

/// <summary>What pages, entries and the command line say alike.</summary>
internal static class KeyWords
{
    /// <summary>A time as people say it: "7 days".</summary>
    public static string Of(TimeSpan time) => time switch
    {
        _ when time <= TimeSpan.Zero => "none",
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalDays):0} days"),
        { TotalDays: >= 1 } => "1 day",
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalHours):0} hours"),
        _ => "1 hour",
    };
}
