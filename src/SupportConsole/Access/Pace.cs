using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using SupportConsole.Core.Staff;

namespace SupportConsole.Access;

/// <summary>
/// How fast each person may go. Counts are kept in memory, by the framework's limiters, which forget a person who has been quiet.
/// </summary>
public sealed class Pace : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), Hour = TimeSpan.FromHours(1);

    private readonly IRefusalRecord _refusals;
    private readonly Dictionary<Limit, (PartitionedRateLimiter<StaffId> Limiter, string Words)> _limits;

    /// <summary>Sets the limits up.</summary>
    public Pace(IOptions<LimitsOptions> options, IRefusalRecord refusals)
    {
        ArgumentNullException.ThrowIfNull(options);
        var limits = options.Value;
        _refusals = refusals;
        _limits = new()
        {
            [Limit.Searches] = (PerPerson<StaffId>(limits.SearchesPerMinute, Minute), $"{limits.SearchesPerMinute} searches a minute"),
            [Limit.Sessions] = (PerPerson<StaffId>(limits.SessionsPerHour, Hour), $"{limits.SessionsPerHour} sessions an hour"),
            [Limit.Reads] = (PerPerson<StaffId>(limits.ReadsPerMinute, Minute), $"{limits.ReadsPerMinute} pages a minute"),
            [Limit.Handshakes] = (PerPerson<StaffId>(limits.HandshakesPerMinute, Minute), $"{limits.HandshakesPerMinute} new windows a minute"),
            [Limit.Windows] = (
                PartitionedRateLimiter.Create<StaffId, StaffId>(staff => RateLimitPartition.GetConcurrencyLimiter(
                    staff, _ => new ConcurrencyLimiterOptions { PermitLimit = limits.WindowsPerPerson })),
                $"{limits.WindowsPerPerson} windows at once"),
        };
    }

    /// <summary>Counts one more of the person's.</summary>
    /// <exception cref="TooOftenException">It is one too many. Recorded.</exception>
    public async Task KeepAsync(ActingStaff staff, Limit limit)
    {
        ArgumentNullException.ThrowIfNull(staff);
        using var taken = Take(staff.Member.Id, limit);
        if (!taken.IsAcquired)
        {
            await _refusals.RefusedAsync(staff, WordsOf(limit));
            throw new TooOftenException(WordsOf(limit), RetryAfter(taken));
        }
    }

    /// <summary>Takes one more, if there is one. A window is given back with the lease; the others come back with time.</summary>
    public RateLimitLease Take(StaffId staff, Limit limit) => _limits[limit].Limiter.AttemptAcquire(staff);

    /// <summary>How many more the person may take now.</summary>
    public long Left(StaffId staff, Limit limit) => _limits[limit].Limiter.GetStatistics(staff)?.CurrentAvailablePermits ?? 0;

    /// <summary>The limit as people say it: "60 searches a minute".</summary>
    public string WordsOf(Limit limit) => _limits[limit].Words;

    /// <summary>
    /// So many at once, and then one after the other as time brings them back: whoever is refused waits for the next one and not
    /// for the whole minute or hour.
    /// </summary>
    internal static TokenBucketRateLimiterOptions Bucket(int permits, TimeSpan time) =>
        new() { TokenLimit = permits, TokensPerPeriod = 1, ReplenishmentPeriod = time / permits };

    /// <summary>When to come back, in whole seconds and at least one.</summary>
    internal static TimeSpan RetryAfter(RateLimitLease refused) => TimeSpan.FromSeconds(
        refused.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, Math.Ceiling(wait.TotalSeconds)) : 1);

    /// <summary>A wait as people say it.</summary>
    internal static string InWords(TimeSpan wait) => wait.TotalSeconds switch
    {
        <= 1 => "a second",
        < 120 and var seconds => $"{seconds:0} seconds",
        _ => $"{Math.Ceiling(wait.TotalMinutes):0} minutes",
    };

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var (limiter, _) in _limits.Values)
        {
            limiter.Dispose();
        }
    }

    private static PartitionedRateLimiter<T> PerPerson<T>(int permits, TimeSpan time)
        where T : notnull =>
        PartitionedRateLimiter.Create<T, T>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => Bucket(permits, time)));
}
