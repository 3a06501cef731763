using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys.Ending;

/// <summary>
/// Looks whether revoked keys stay revoked. A restored backup, an account made again under the same id or a token key put back bring
/// their tokens to life, and PocketBase tells nobody.
/// </summary>
internal sealed partial class KeyReturns(KeyBook book, KeyGate gate, ServiceAccounts accounts, TimeProvider clock, ILogger<KeyReturns> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Finds accounts that came back and raises an alarm for their keys, once for each return.</summary>
    /// <exception cref="ExplainedException">Some couldn't be looked for, or not be recorded; the others were.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        PocketBaseProblem? unasked = null;
        var watched = (await book.WatchedAsync(cancellationToken)).Where(key => key.RevivedAt is null);
        foreach (var collection in watched.GroupBy(key => key.Collection))
        {
            foreach (var some in collection.GroupBy(key => key.Record).Chunk(ServiceAccounts.MostReturned))
            {
                try
                {
                    var returned = await accounts.ReturnedAsync(
                        book.CallerFor(by: null), collection.Key, [.. some.Select(keys => (keys.Key, book.MarkOf(KeyEndings.AccountOf(keys.First()))))], cancellationToken);
                    foreach (var key in some.Where(keys => returned.Contains(keys.Key, StringComparer.Ordinal)).SelectMany(keys => keys))
                    {
                        await RaiseAsync(key, cancellationToken);
                    }
                }
                catch (PocketBaseProblem problem)
                {
                    unasked = problem; // A collection that is gone or renamed must not hide what came back elsewhere.
                }
            }
        }

        if (unasked is not null)
        {
            throw unasked;
        }
    }

    private async Task RaiseAsync(ApiKey seen, CancellationToken cancellationToken)
    {
        using var turn = await gate.TryEnterAsync(Patience, cancellationToken);
        // Where somebody changes keys, the next look finds it too.
        if (turn is not null && await book.FindAsync(seen.Id, cancellationToken) is { Phase: KeyPhase.Revoked, RevivedAt: null } key
            && key.Revocation == seen.Revocation)
        {
            LogRevived(key.Id, key.Name, key.Collection, key.Record);
            await book.SaveAsync(
                [book.Begin(AuditEventTypes.KeyRevived, by: null, key) with
                {
                    Outcome = AuditOutcome.Failed,
                    Detail = $"revoked by {key.Revocation!.ByName} ({key.Revocation.By}); its account {key.Record} is in PocketBase with another token key, so it may work again",
                }],
                key with { RevivedAt = clock.GetUtcNow() });
        }
    }

    [LoggerMessage(EventId = 8013, Level = LogLevel.Error, Message = "The revoked API key {Key} ({Name}) may work again: its account {Collection}/{Record} came back in PocketBase. Revoke it again on the page of keys")]
    private partial void LogRevived(string key, string name, string collection, string record);
}
