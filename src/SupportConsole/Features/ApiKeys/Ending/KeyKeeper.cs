using SupportConsole.Access;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;

namespace SupportConsole.Features.ApiKeys.Ending;

/// <summary>
/// Looks after keys every few seconds: finishes what a stop or an outage left in between, revokes rotated keys when their overlap
/// is over, and warns before a key ends.
/// </summary>
internal sealed partial class KeyKeeper(KeyBook book, KeyGate gate, KeyEndings endings, TimeProvider clock, ILogger<KeyKeeper> logger)
    : RecurringWork(TimeSpan.FromSeconds(5), clock)
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    /// <summary>Whoever changes keys now does the same work; it can wait for the next tick.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Shorter than a person's patience, however slowly PocketBase answers.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private bool _hasKept;

    /// <summary>Does everything that is due.</summary>
    /// <param name="includeWaiting">Whether drafts are given up whose time isn't over: at a console's start.</param>
    /// <param name="cancellationToken">Stops between two keys.</param>
    /// <returns>Whether all of it could be done, or is left to whoever changes keys at this moment.</returns>
    public async Task<bool> KeepAsync(bool includeWaiting, CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        if (!(await book.UnfinishedAsync(cancellationToken)).Any(key => IsDue(key, now, includeWaiting)))
        {
            return true;
        }

        using var turn = await gate.TryEnterAsync(Patience, cancellationToken);
        if (turn is null)
        {
            return true; // Somebody is at it; the next tick looks again.
        }

        var begun = TimeProvider.System.GetTimestamp();
        var all = true;
        foreach (var key in await book.UnfinishedAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TimeProvider.System.GetElapsedTime(begun) > Longest)
            {
                return false; // People wait for their turn; the rest has the next one.
            }

            if (IsDue(key, now, includeWaiting))
            {
                all &= await KeepAsync(key, now);
            }
        }

        return all;
    }

    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        // In the first round nothing of this console's waits yet: a draft that is there belonged to windows of the one before.
        var isFirst = !_hasKept;
        _hasKept = true;
        var finished = false;
        try
        {
            await book.TellOthersChangesAsync(cancellationToken);
            finished = await KeepAsync(includeWaiting: isFirst, cancellationToken);
        }
        finally
        {
            RestFor(finished ? TimeSpan.Zero : AfterFailure);
        }
    }

    private static bool IsDue(ApiKey key, DateTimeOffset now, bool includeWaiting) => key.Phase switch
    {
        KeyPhase.Draft => includeWaiting || key.WaitsUntil <= now,
        KeyPhase.Requested or KeyPhase.Approved => key.WaitsUntil <= now,
        KeyPhase.Making or KeyPhase.Dropping or KeyPhase.Revoking => true,
        KeyPhase.Live => (key.RevokeAt <= now && !(key.ExpiresAt <= now)) || WarningDue(key, now) is not null,
        _ => false,
    };

    private async Task<bool> KeepAsync(ApiKey key, DateTimeOffset now)
    {
        try
        {
            switch (key.Phase)
            {
                case KeyPhase.Draft:
                    return await endings.DropAsync(by: null, key, "waited for too long, or the console stopped before its token was made");
                case KeyPhase.Requested or KeyPhase.Approved:
                    return await endings.DropAsync(by: null, key, "waited for the next person for more than a day");
                case KeyPhase.Making:
                    return await endings.DropAsync(by: null, key, "the console stopped before anybody was given the token");
                case KeyPhase.Dropping:
                    return await endings.DropAsync(by: null, key, "tried again");
                case KeyPhase.Revoking:
                    await endings.RevokeAsync(by: null, key, retried: true);
                    return true;
                case KeyPhase.Live when key.RevokeAt <= now && !(key.ExpiresAt <= now):
                    await RevokeRotatedAsync(key);
                    return true;
                default:
                    await WarnAsync(key, WarningDue(key, now)!.Value);
                    return true;
            }
        }
        catch (KeyNotProvedException)
        {
            return false; // Logged where it happened.
        }
    }

    private async Task RevokeRotatedAsync(ApiKey key)
    {
        if (!await book.HasSuccessorAsync(key, CancellationToken.None))
        {
            // Whatever uses it would be left without any key.
            await book.SaveAsync(
                [book.Begin(AuditEventTypes.KeyChangeFailed, by: null, key) with { Outcome = AuditOutcome.Failed, Detail = "revoke after its rotation: its successor is gone, so it goes on" }],
                key with { RevokeAt = null });
            return;
        }

        var revoking = key with
        {
            Phase = KeyPhase.Revoking,
            Revocation = new KeyRevocation(AuditActor.System.Id, AuditActor.System.Name, "The overlap after its rotation is over"),
        };
        await book.SaveAsync([book.Begin(AuditEventTypes.KeyRequested, by: null, key) with { Detail = "revoke", Reason = revoking.Revocation.Reason }], revoking);
        await endings.RevokeAsync(by: null, revoking, retried: false);
    }

    private async Task WarnAsync(ApiKey key, int days)
    {
        var warned = key with { WarnedDays = days };
        if (days == 0)
        {
            await book.SaveAsync([book.Begin(AuditEventTypes.KeyExpired, by: null, key) with { Detail = $"owner {key.Owner}" }], warned);
            LogExpired(key.Id, key.Name, key.Owner.Value);
        }
        else
        {
            await book.SaveAsync(
                [book.Begin(AuditEventTypes.KeyExpiring, by: null, key) with
                {
                    Detail = $"{(days == 1 ? "1 day" : $"{days} days")} or less are left, until {key.ExpiresAt!.Value.UtcDateTime:yyyy-MM-dd HH:mm} UTC; owner {key.Owner}",
                }],
                warned);
            LogExpiring(key.Id, key.Name, days, key.Owner.Value);
        }
    }

    // Each warning once: the next shorter one replaces it.
    private static int? WarningDue(ApiKey key, DateTimeOffset now) =>
        KeyStates.WarningDue(key, now) is { } days && !(key.WarnedDays <= days) ? days : null;

    [LoggerMessage(EventId = 8010, Level = LogLevel.Warning, Message = "API keys couldn't be looked after; trying again")]
    protected override partial void LogFailed(Exception failure);

    [LoggerMessage(EventId = 8011, Level = LogLevel.Warning, Message = "API key {Key} ({Name}) has {Days} days left or fewer; its owner is {Owner}")]
    private partial void LogExpiring(string key, string name, int days, string owner);

    [LoggerMessage(EventId = 8012, Level = LogLevel.Warning, Message = "API key {Key} ({Name}) has expired; its owner is {Owner}")]
    private partial void LogExpired(string key, string name, string owner);
}
