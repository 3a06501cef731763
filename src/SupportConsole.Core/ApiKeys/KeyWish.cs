namespace SupportConsole.Core.ApiKeys;

/// <summary>A key as somebody wants it.</summary>
/// <param name="Name">What it is to be called.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Owner">The staff id of who answers for it.</param>
/// <param name="Kind">What will use it.</param>
/// <param name="Life">How long it lives.</param>
public sealed record KeyWish(string Name, string Purpose, string Owner, KeyKind Kind, KeyLife Life);

/// <summary>How long a key lives: a number of days from now, or until the end of a day. A day has 24 hours, in UTC.</summary>
/// <param name="Days">Days from now, where <paramref name="Until"/> is null.</param>
/// <param name="Until">The last day, UTC.</param>
public sealed record KeyLife(int Days, DateOnly? Until = null)
{
    // A thousand years to either side lie within the calendar, whichever year it is.
    private const int MostDays = 365_000;

    /// <summary>The end for a key made now; null where there is no such instant.</summary>
    public DateTimeOffset? EndFrom(DateTimeOffset now)
    {
        if (Until is { } day)
        {
            return day < DateOnly.MaxValue ? new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) : null;
        }

        return Math.Abs((long)Days) <= MostDays ? now.AddDays(Days) : null;
    }
}
