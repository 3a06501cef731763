using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys.Ending;

/// <summary>Takes a key out of use for a while, as far as the app's rules care.</summary>
internal sealed class KeySuspension(KeyBook book, KeyGate gate, KeyReach reach, ServiceAccounts accounts, TimeProvider clock)
{
    /// <summary>
    /// Marks a key's account as disabled, so that rules which test it let the key through no more; looks afterwards what is still
    /// open to it. Marking it again does no harm.
    /// </summary>
    /// <exception cref="KeyRefusedException">No rule would care, or another rule stands against it; recorded.</exception>
    public async Task<SuspensionReport> SuspendAsync(CurrentStaff who, string id, ReasonText reason, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, KeyGate.Patience, cancellationToken);
        var admin = turn.Admin;
        var key = await FindLiveAsync(admin, id, "suspend", reason, cancellationToken);
        var caller = book.CallerFor(admin);
        await book.SaveAsync([book.Requested(admin, key, "suspend", reason)]);
        var collections = await book.ChangeAsync(admin, key, "suspend", async () =>
        {
            var found = await accounts.CollectionsAsync(SuperuserUse.SuspendKey, caller, cancellationToken);
            if (!ServiceAccountSchema.CanSuspend(ServiceAccountSchema.In(found, key.Collection)))
            {
                throw await book.RefusedAsync(
                    admin, key, "suspend", $"The collection '{key.Collection}' has no bool field 'disabled', so there is nothing that rules could test. Add it, or revoke the key.");
            }

            if (!ServiceAccountSchema.AnyTestsDisabled(found))
            {
                throw await book.RefusedAsync(
                    admin, key, "suspend",
                    "No rule of the app tests @request.auth.disabled, so a suspended key would go on working; an auth rule only stops new sign-ins, never a key. Add '&& @request.auth.disabled = false' to the rules that let keys in, or revoke the key.");
            }

            await accounts.SetDisabledAsync(caller, KeyEndings.AccountOf(key), disabled: true, CancellationToken.None);
            return found;
        });
        var suspended = key with { SuspendedAt = clock.GetUtcNow() };
        await book.SaveAsync([book.Begin(AuditEventTypes.KeySuspended, admin, key) with { Reason = reason.Text }], suspended);

        // What follows only tells how far it goes; it is suspended whether that can be told or not.
        var report = await LookAsync(caller, suspended, collections);
        await book.SaveAsync([book.Begin(AuditEventTypes.KeySuspended, admin, key) with { Detail = report.InWords }]);
        return report;
    }

    /// <summary>Takes the mark away again. Doing so twice does no harm.</summary>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    public async Task ResumeAsync(CurrentStaff who, string id, ReasonText reason, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(who, KeyGate.Patience, cancellationToken);
        var admin = turn.Admin;
        var key = await FindLiveAsync(admin, id, "resume", reason, cancellationToken);
        await book.SaveAsync([book.Requested(admin, key, "resume", reason)]);
        await book.ChangeAsync(admin, key, "resume", async () =>
        {
            await accounts.SetDisabledAsync(book.CallerFor(admin), KeyEndings.AccountOf(key), disabled: false, CancellationToken.None);
            return true;
        });
        await book.SaveAsync([book.Begin(AuditEventTypes.KeyResumed, admin, key) with { Reason = reason.Text }], key with { SuspendedAt = null });
    }

    /// <summary>Looks what a suspended key is still let through to.</summary>
    private async Task<SuspensionReport> LookAsync(Caller caller, ApiKey key, IReadOnlyList<CollectionSchema> collections)
    {
        var untested = collections
            .Where(collection => collection.Rules.Any(rule => rule is not null && !ServiceAccountSchema.TestsDisabled(rule)))
            .Select(collection => collection.Name).ToHashSet(StringComparer.Ordinal);
        try
        {
            var reads = (await reach.ReadAsync(caller, KeyEndings.AccountOf(key), collections, CancellationToken.None))
                .Where(reached => reached is { Verdict: KeyVerdict.Reads, IsPublic: false }).Select(reached => reached.Name).ToArray();
            return new SuspensionReport(reads, [.. untested.Except(reads).Order(StringComparer.Ordinal)], Looked: true);
        }
        catch (PocketBaseProblem)
        {
            return new SuspensionReport([], [.. untested.Order(StringComparer.Ordinal)], Looked: false);
        }
    }

    private async Task<ApiKey> FindLiveAsync(ActingStaff admin, string id, string change, ReasonText reason, CancellationToken cancellationToken)
    {
        var key = await book.FindAsync(id, cancellationToken);
        var against = key switch
        {
            null => "This key is gone, or was made outside the console. It can only be revoked.",
            { Kind: KeyKind.Superuser } => "No rule applies to a superuser, so a superuser key can't be suspended. Revoke it.",
            { Phase: not KeyPhase.Live } => "This key is revoked, or being revoked.",
            _ when key.ExpiresAt <= clock.GetUtcNow() => "This key has expired.",
            _ => KeyPolicy.CheckReason(reason),
        };
        return against is null ? key! : throw await book.RefusedAsync(admin, key, change, against);
    }
}
