using SupportConsole.Access;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.ApiKeys.Ending;

/// <summary>
/// Brings keys to their end: what nobody was given is removed, what somebody was given is revoked and that proved. Whoever calls
/// holds the gate.
/// </summary>
internal sealed partial class KeyEndings(KeyBook book, ServiceAccounts accounts, TimeProvider clock, ILogger<KeyEndings> logger)
{
    // Longer than a revocation takes, so that the canary can't have died of old age when the server refuses it.
    private const int CanarySeconds = 600;

    public static AccountId AccountOf(ApiKey key) => new(key.Collection, key.Record);

    /// <summary>
    /// Leaves nothing of a key that nobody was given: its account is removed, or marked to be removed when PocketBase can be asked.
    /// Says in the trail which, as far as that can be written; the keeper finds what it couldn't.
    /// </summary>
    /// <param name="by">Who wanted the key; null for the console.</param>
    /// <param name="key">The key as it was written down last.</param>
    /// <param name="cause">Why it came to nothing, in a few words.</param>
    /// <param name="accountBegun">Whether PocketBase may have been asked for the account; false where it certainly wasn't.</param>
    /// <param name="replaced">The key that it was to take over from, which then goes on as before; null for none.</param>
    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> DropAsync(ActingStaff? by, ApiKey key, string cause, bool accountBegun = true, ApiKey? replaced = null)
    {
        var gone = true;
        try
        {
            if (accountBegun)
            {
                await RemoveAsync(by, key);
            }
        }
        catch (PocketBaseProblem problem)
        {
            gone = false;
            LogNotRemoved(problem, key.Id);
            if (key.Phase == KeyPhase.Dropping)
            {
                return false; // Said the first time; once an outage is enough.
            }
        }

        var left = gone ? "nothing of it is left" : "its account can't be removed yet; the console goes on trying";
        try
        {
            await book.SaveAsync(
                [book.Begin(AuditEventTypes.KeyCreateFailed, by, key) with { Outcome = AuditOutcome.Failed, Detail = $"{cause}; {left}" }],
                [key with { Phase = gone ? KeyPhase.Dropped : KeyPhase.Dropping, WaitsUntil = null }, .. replaced is null ? (ApiKey[])[] : [replaced with { RevokeAt = null }]]);
        }
        catch (NotWrittenException failure)
        {
            LogNotRecorded(failure, key.Id);
        }

        return gone;
    }

    /// <summary>
    /// Makes every token of the key's account worthless and proves it: a canary, a token made for the same account just before, is
    /// accepted before the change and refused after it. An account that is gone has no token that could live.
    /// </summary>
    /// <param name="by">Who wants it; null for the console.</param>
    /// <param name="key">The key, written down as being revoked.</param>
    /// <param name="retried">Whether an earlier try has been recorded: this one then only speaks of success.</param>
    /// <returns>The key as it is then.</returns>
    /// <exception cref="KeyNotProvedException">It isn't proved. The key stays as being revoked, and the keeper tries again.</exception>
    public async Task<ApiKey> RevokeAsync(ActingStaff? by, ApiKey key, bool retried)
    {
        var caller = book.CallerFor(by);
        var changed = false;
        (string Proof, bool Marked) ended;
        try
        {
            ended = await EndAndProveAsync(caller, key, () => changed = true);
        }
        catch (PocketBaseProblem problem)
        {
            var state = changed
                ? "Its tokens were made worthless, but the proof is missing"
                : "It may still work";
            if (!retried)
            {
                await book.SaveAsync([book.Begin(AuditEventTypes.KeyChangeFailed, by, key) with
                {
                    Outcome = AuditOutcome.Failed, Detail = $"revoke: {problem.Kind}; {(changed ? "changed, not proved" : "not changed")}; the console goes on trying",
                }]);
            }

            LogNotRevoked(problem, key.Id, changed);
            throw new KeyNotProvedException($"The key {key.Name} isn't proved revoked yet. {state}. The console tries again by itself every half minute. {problem.Message}", problem);
        }

        var revoked = key with
        {
            Phase = KeyPhase.Revoked,
            RevokeAt = null,
            RevivedAt = null,
            Revocation = key.Revocation! with { At = clock.GetUtcNow(), Proof = ended.Proof, Marked = ended.Marked },
        };
        await book.SaveAsync([book.Begin(AuditEventTypes.KeyRevoked, by, key) with { Reason = key.Revocation.Reason, Detail = $"proved: {ended.Proof}" }], revoked);
        return revoked;
    }

    private async Task<(string Proof, bool Marked)> EndAndProveAsync(Caller caller, ApiKey key, Action onChanged)
    {
        try
        {
            using var canary = await accounts.MintAsync(SuperuserUse.RevokeKey, caller, AccountOf(key), CanarySeconds, CancellationToken.None);
            await canary.ProveAliveAsync(CancellationToken.None);
            var marked = await accounts.EndTokensAsync(caller, AccountOf(key), book.MarkOf(AccountOf(key)), CancellationToken.None);
            onChanged();
            return await canary.IsRefusedAsync(CancellationToken.None)
                ? ($"a token of the same account, accepted before, was refused (401) at {clock.GetUtcNow().UtcDateTime:HH:mm:ss} UTC", marked)
                : throw PocketBaseProblem.TokensStillLive();
        }
        catch (PocketBaseProblem problem) when (problem.Kind == PocketBaseProblemKind.Gone)
        {
            if (await accounts.FindAsync(SuperuserUse.RevokeKey, caller, AccountOf(key), CancellationToken.None) is not null)
            {
                throw;
            }

            return ("its account is gone from PocketBase, and every token with it", true); // Whatever bears its id from now on is another one.
        }
    }

    private async Task RemoveAsync(ActingStaff? by, ApiKey key)
    {
        var caller = book.CallerFor(by);
        if (!PocketBaseName.IsSuperusers(key.Collection))
        {
            await accounts.RemoveAsync(SuperuserUse.CreateKey, caller, AccountOf(key), CancellationToken.None);
        }
        else if (key.Record.Length > 0)
        {
            // The superuser itself stays; a token that may have been made for it does not.
            await EndAndProveAsync(caller, key, () => { });
        }
    }

    [LoggerMessage(EventId = 8001, Level = LogLevel.Warning, Message = "The account of the unfinished key {Key} can't be removed yet")]
    private partial void LogNotRemoved(Exception problem, string key);

    [LoggerMessage(EventId = 8002, Level = LogLevel.Error, Message = "What became of the unfinished key {Key} couldn't be recorded; the keeper looks at it again")]
    private partial void LogNotRecorded(Exception failure, string key);

    [LoggerMessage(EventId = 8003, Level = LogLevel.Error, Message = "Key {Key} isn't proved revoked (tokens ended: {Changed}); trying again")]
    private partial void LogNotRevoked(Exception problem, string key, bool changed);
}
