using System.Globalization;

namespace SupportConsole.Core.ApiKeys;

/// <summary>What a key may be.</summary>
/// <param name="MaxDays">The longest life, in days.</param>
/// <param name="SuperuserKeys">Whether superuser keys may be asked for at all.</param>
public sealed record KeyPolicy(int MaxDays, bool SuperuserKeys)
{
    /// <summary>The longest life of a superuser key, in days.</summary>
    public const int SuperuserMaxDays = 30;

    /// <summary>The longest name, in characters.</summary>
    public const int NameMaxLength = 80;

    private static readonly int[] UsualDays = [30, 90, 180, 365];

    /// <summary>The shortest life: less is over before it is of use.</summary>
    public static TimeSpan ShortestLife { get; } = TimeSpan.FromHours(1);

    /// <summary>How long a rotated key may go on beside its successor, on offer.</summary>
    public static IReadOnlyList<TimeSpan> Overlaps { get; } =
        [TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(30)];

    /// <summary>The lives on offer for a kind, in days: 30, 90, 180 and 365 as far as allowed, and the longest allowed.</summary>
    public IReadOnlyList<int> DaysFor(KeyKind kind)
    {
        var most = MostDaysFor(kind);
        return [.. UsualDays.Where(days => days < most), most];
    }

    /// <summary>The longest life of a kind, in days.</summary>
    public int MostDaysFor(KeyKind kind) => kind == KeyKind.Superuser ? Math.Min(SuperuserMaxDays, MaxDays) : MaxDays;

    /// <summary>Everything that stands against a key, as sentences; none when nothing does.</summary>
    /// <param name="wish">The key.</param>
    /// <param name="now">The moment it would be made.</param>
    public IReadOnlyList<string> Check(KeyWish wish, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(wish);
        List<string> found = [];
        if (wish.Name.Trim() is not { Length: >= 1 and <= NameMaxLength } name || !IsOneLine(name))
        {
            found.Add($"The name needs 1 to {NameMaxLength} characters on one line, without invisible signs.");
        }

        if (CheckReason(wish.Purpose) is not null)
        {
            found.Add($"The purpose needs at least {ReasonText.MinLength} letters or digits and at most {ReasonText.MaxLength} characters, none of them invisible: say what will use the key, and for what.");
        }

        if (!Enum.IsDefined(wish.Kind))
        {
            found.Add("The kind is unknown.");
        }
        else if (wish.Kind == KeyKind.Superuser && !SuperuserKeys)
        {
            found.Add("Superuser keys are switched off. Whoever runs the console can set a superuser aside for them in ApiKeys:SuperuserAccount.");
        }
        else if (CheckLife(wish.Kind, wish.Life, now) is { } life)
        {
            found.Add(life);
        }

        return found;
    }

    /// <summary>What stands against a life, as a sentence; null when nothing does.</summary>
    public string? CheckLife(KeyKind kind, KeyLife life, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(life);
        var most = MostDaysFor(kind);
        return (life.EndFrom(now) - now) switch
        {
            null => "The expiry isn't a date, or lies too far away.",
            { } left when left <= TimeSpan.Zero => "The expiry lies in the past. Choose a later one.",
            { } left when left < ShortestLife => "The expiry is less than an hour away. Choose a later one.",
            { } left when left > TimeSpan.FromDays(most) =>
                string.Create(CultureInfo.InvariantCulture, $"The expiry is beyond what policy allows{(kind == KeyKind.Superuser ? " for a superuser key" : "")}: {most} days, until {now.AddDays(most).UtcDateTime:d MMM yyyy}."),
            _ => null,
        };
    }

    /// <summary>What stands against the reason of a change, as a sentence; null when nothing does.</summary>
    public static string? CheckReason(ReasonText reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return reason.Against("say why") ?? (reason.Text.All(c => !TurnsAround(c) && (!char.IsControl(c) || c is '\n' or '\r' or '\t'))
            ? null
            : "The reason has signs that can't be seen, or that turn the direction of what follows. Type it without them.");
    }

    private static bool IsOneLine(string text) => text.All(c => !char.IsControl(c) && !IsInvisible(c) && c is not ('\u2028' or '\u2029'));

    // Unicode TR 36: what can't be seen makes two names look alike.
    private static bool IsInvisible(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.Format;

    // And marks that change the direction make a text say something else than it does.
    private static bool TurnsAround(char c) => c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f' or '\u061c';
}
