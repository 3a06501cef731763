using System.Globalization;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Ui;

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

    /// <summary>How much is left, beside a name: "in 6 days", "within an hour".</summary>
    public static string Left(TimeSpan left) => left switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"in {Math.Floor(left.TotalDays):0} days"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"in {Math.Floor(left.TotalHours):0} hours"),
        _ => "within two hours",
    };

    /// <summary>A key's end, for an entry: "until 2027-01-31 00:00 UTC".</summary>
    public static string Until(ApiKey key) => string.Create(CultureInfo.InvariantCulture, $"until {key.ExpiresAt!.Value.UtcDateTime:yyyy-MM-dd HH:mm} UTC");

    /// <summary>A state as people say it.</summary>
    public static string Of(KeyState state) => state switch
    {
        KeyState.Active => "active",
        KeyState.Expiring => "expiring",
        KeyState.Suspended => "suspended",
        KeyState.Expired => "expired",
        KeyState.Revoking => "being revoked",
        KeyState.Revoked => "revoked",
        KeyState.Waiting => "waiting",
        KeyState.Revived => "may work again",
        KeyState.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>The colour that repeats what the word of a state says.</summary>
    public static Tag.Tone ToneOf(KeyState state) => state switch
    {
        KeyState.Active => Tag.Tone.Good,
        KeyState.Expiring or KeyState.Suspended or KeyState.Waiting or KeyState.Unknown => Tag.Tone.Attention,
        KeyState.Revoking or KeyState.Revived => Tag.Tone.Bad,
        _ => Tag.Tone.Quiet,
    };
}
