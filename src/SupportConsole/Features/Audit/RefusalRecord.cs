using System.Globalization;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>
/// Writes refusals down, so that whoever repeats one doesn't flood the trail with it: of each kind and person the first at once, and
/// how many followed it once a minute and at the console's stop.
/// </summary>
public sealed partial class RefusalRecord(AuditTrail trail, TimeProvider clock, ILogger<RefusalRecord> logger)
    : RecurringWork(TimeSpan.FromSeconds(5), clock), IRefusalRecord
{
    /// <summary>Kinds told apart, a person; beyond them all others are one. Some have words in them that somebody typed.</summary>
    internal const int KindsPerPerson = 30;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Kind, Repeated> _repeated = [];
#pragma warning disable CA2213 // A host may stop its services after it has disposed of them, and this has nothing to release.
    private readonly SemaphoreSlim _counting = new(1);
#pragma warning restore CA2213

    /// <inheritdoc />
    public Task RefusedAsync(ActingStaff staff, string detail)
    {
        ArgumentNullException.ThrowIfNull(staff);
        return RefusedAsync(staff.Begin(AuditEventTypes.PolicyDenied, Clock.GetUtcNow()) with { Detail = detail });
    }

    /// <summary>The same for a refusal that has a type of its own.</summary>
    /// <exception cref="NotWrittenException">It isn't certain that it is on the disk. It is counted, and told of later.</exception>
    public async Task RefusedAsync(AuditEvent refused)
    {
        ArgumentNullException.ThrowIfNull(refused);
        refused = refused with { Outcome = AuditOutcome.Denied };
        Repeated kind;
        lock (_repeated)
        {
            var key = KindOf(refused);
            if (_repeated.TryGetValue(key, out var known))
            {
                known.More++;
                return;
            }

            kind = _repeated[key] = new Repeated(refused, Clock.GetTimestamp()) { IsOthers = key.IsOthers };
        }

        try
        {
            await trail.AppendAsync(refused);
        }
        catch (NotWrittenException)
        {
            lock (_repeated)
            {
                kind.More++;
            }

            throw;
        }
    }

    /// <summary>Writes down what was counted for a minute; at the stop, all of it.</summary>
    /// <exception cref="NotWrittenException">What isn't written stays counted.</exception>
    internal async Task RecordCountsAsync(bool all = false)
    {
        // One at a time, or a count would be written twice.
        await _counting.WaitAsync();
        try
        {
            foreach (var (key, kind) in Due(all))
            {
                var now = Clock.GetUtcNow();
                var more = kind.More;
                if (more > 0)
                {
                    await trail.AppendAsync(kind.Counted(more, now));
                }

                lock (_repeated)
                {
                    kind.More -= more;
                    kind.Since = now;
                    kind.Begun = Clock.GetTimestamp();
                    if (more == 0 && kind.More == 0)
                    {
                        _repeated.Remove(key); // A quiet minute: the next one is a first again.
                    }
                }
            }
        }
        finally
        {
            _counting.Release();
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(() => RecordCountsAsync(all: true), CancellationToken.None);
    }

    /// <inheritdoc />
    protected override Task WorkAsync(CancellationToken cancellationToken) => RecordCountsAsync();

    private List<KeyValuePair<Kind, Repeated>> Due(bool all)
    {
        lock (_repeated)
        {
            return [.. _repeated.Where(kind => all || Clock.GetElapsedTime(kind.Value.Begun) >= Minute)];
        }
    }

    private Kind KindOf(AuditEvent refused)
    {
        var kind = new Kind(refused.Actor.Id, refused.Type, refused.Detail, refused.Subject?.Id);
        return _repeated.ContainsKey(kind) || _repeated.Keys.Count(other => other.Staff == kind.Staff) < KindsPerPerson
            ? kind
            : Kind.OthersOf(kind.Staff);
    }

    /// <inheritdoc />
    [LoggerMessage(EventId = 3006, Level = LogLevel.Warning, Message = "Repeated refusals couldn't be recorded; trying again")]
    protected override partial void LogFailed(Exception failure);

    private readonly record struct Kind(StaffId Staff, string? Type, string? Detail, string? Subject)
    {
        public bool IsOthers => Type is null;

        public static Kind OthersOf(StaffId staff) => new(staff, null, null, null);
    }

    /// <summary>One kind of one person's, and how many of it aren't written down yet.</summary>
    private sealed class Repeated(AuditEvent first, long begun)
    {
        public long Begun { get; set; } = begun;

        public DateTimeOffset Since { get; set; } = first.At;

        public long More { get; set; }

        public bool IsOthers { get; init; }

        public AuditEvent Counted(long more, DateTimeOffset now)
        {
            var count = string.Create(CultureInfo.InvariantCulture, $"and {more} more {(IsOthers ? "of other kinds" : "like it")} since {Since.UtcDateTime:HH:mm:ss} UTC");
            return first with { At = now, Reason = null, Detail = IsOthers ? count : $"{first.Detail} · {count}" };
        }
    }
}
