using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys.Ending;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys.Inventory;

/// <summary>The accounts in PocketBase that the console didn't make: nobody knows how many tokens of them there are, or until when.</summary>
internal sealed class ForeignKeys(KeyBook book, ServiceAccounts accounts, IOptions<ApiKeysOptions> options, TimeProvider clock)
{
    private string Collection => options.Value.Collection;

    /// <summary>One of them as a key, so that it can be revoked like any other.</summary>
    /// <exception cref="KeyRefusedException">There is none, or the collection isn't one of service accounts; recorded.</exception>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked; recorded.</exception>
    public async Task<ApiKey> FindAsync(ActingStaff admin, string record, ReasonText reason)
    {
        var caller = book.CallerFor(admin);
        var unknown = KeyOf(record, record, clock.GetUtcNow());
        await book.SaveAsync([book.Requested(admin, unknown, "revoke a key made outside the console", reason)]);
        return await book.ChangeAsync(admin, unknown, "revoke", async () =>
        {
            if (await FaultAsync(caller) is { } fault)
            {
                throw await book.RefusedAsync(admin, unknown, "revoke", fault.Sentence);
            }

            var found = await accounts.FindAsync(SuperuserUse.RevokeKey, caller, KeyEndings.AccountOf(unknown), CancellationToken.None);
            return found is null
                ? throw await book.RefusedAsync(admin, unknown, "revoke", "There is no such key, neither here nor in PocketBase.")
                : KeyOf(Collection, found);
        });
    }

    /// <summary>All of them as keys.</summary>
    /// <exception cref="KeyRefusedException">The collection isn't one of service accounts, and may hold people.</exception>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<List<ApiKey>> AllAsync(ActingStaff admin)
    {
        var caller = book.CallerFor(admin);
        if (await FaultAsync(caller) is { } fault)
        {
            throw new KeyRefusedException(fault.Sentence);
        }

        var known = (await book.AllAsync(CancellationToken.None)).Select(key => key.Record).ToHashSet(StringComparer.Ordinal);
        var found = await accounts.ListAsync(SuperuserUse.RevokeKey, caller, Collection, CancellationToken.None);
        return [.. found.DistinctBy(record => record.Id).Where(record => !known.Contains(record.Id)).Select(record => KeyOf(Collection, record))];
    }

    /// <summary>What stands for all of them where they can't be told one by one.</summary>
    public ApiKey Together() => KeyOf("", "Keys made outside the console", clock.GetUtcNow());

    /// <summary>An account that the console didn't make, as a key.</summary>
    public static ApiKey KeyOf(string collection, PocketBaseRecord record) =>
        KeyOf(collection, record.Id, NewAccount.NameOf(record), record.Moment("created") ?? DateTimeOffset.UnixEpoch) with
        {
            SuspendedAt = ServiceAccountSchema.IsDisabled(record) ? record.Moment("updated") ?? DateTimeOffset.UnixEpoch : null,
        };

    private ApiKey KeyOf(string record, string name, DateTimeOffset created) => KeyOf(Collection, record, name, created);

    private static ApiKey KeyOf(string collection, string record, string name, DateTimeOffset created) =>
        new(record, collection, record, KeyKind.Service, name, "", new StaffId(""), created, new StaffId(""), "", ExpiresAt: null, KeyPhase.Live);

    private async Task<KeyCollectionFault?> FaultAsync(Caller caller)
    {
        var collections = await accounts.CollectionsAsync(SuperuserUse.RevokeKey, caller, CancellationToken.None);
        // Where no account can be made any more there may be some all the same, and they can be revoked.
        return ServiceAccountSchema.MissingOf(Collection, ServiceAccountSchema.In(collections, Collection));
    }
}
