using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys.Ending;
using SupportConsole.Features.Audit;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys.Inventory;

/// <summary>Tells what keys there are: the console's own, and the accounts in PocketBase that it didn't make.</summary>
internal sealed class KeyInventory(
    KeyBook book, Pace pace, ServiceAccounts accounts, AuditTrail trail, AuditedRead audited, IStaffRights rights, IOptions<ApiKeysOptions> options, TimeProvider clock)
{
    /// <summary>Every key with its state. Where PocketBase can't be asked, what the console knows by itself, and why it isn't more.</summary>
    /// <exception cref="ExplainedException">The trail or the database failed, or the person may not look.</exception>
    public async Task<KeyList> ListAsync(CurrentStaff who, CancellationToken cancellationToken)
    {
        var admin = await who.DemandAsync(Duty.ManageKeys, cancellationToken);
        await pace.KeepAsync(admin, Limit.Reads);
        var caller = book.CallerFor(admin);
        var name = options.Value.Collection;
        KeyCollectionFault? fault = null;
        KeyCollectionHint? hint = null;
        IReadOnlyList<PocketBaseRecord> records = [];
        string? unreachable = null;
        var canSuspend = false;
        var collectionThere = false;
        var before = (await book.AllAsync(cancellationToken)).Select(key => key.Id).ToHashSet(StringComparer.Ordinal);
        try
        {
            records = await audited.RunAsync(
                admin.Begin(AuditEventTypes.KeysListed, clock.GetUtcNow()) with { Target = new AuditTarget(name) },
                async () =>
                {
                    var collections = await accounts.CollectionsAsync(SuperuserUse.ListKeys, caller, cancellationToken);
                    var collection = ServiceAccountSchema.In(collections, name);
                    fault = ServiceAccountSchema.FaultOf(name, collection);
                    hint = fault is null ? ServiceAccountSchema.HintOf(collection!, collections) : null;
                    canSuspend = ServiceAccountSchema.CanSuspend(collection) && ServiceAccountSchema.AnyTestsDisabled(collections);
                    collectionThere = collection?.Type == "auth";
                    return collectionThere ? await accounts.ListAsync(SuperuserUse.ListKeys, caller, name, cancellationToken) : [];
                },
                (asked, found) => asked with { Target = asked.Target! with { Count = found.Count } });
        }
        catch (PocketBaseProblem problem)
        {
            unreachable = problem.Message;
        }

        var staff = (await rights.AllAsync(cancellationToken)).ToDictionary(member => member.Id);
        var known = await book.AllAsync(cancellationToken);
        var there = records.DistinctBy(record => record.Id).ToDictionary(record => record.Id, StringComparer.Ordinal);
        var own = known.Where(key => key.Phase is not (KeyPhase.Draft or KeyPhase.Making or KeyPhase.Dropping))
            .Select(key => (Key: AsItIs(key), Presence: Presence(key)));
        var taken = known.Select(key => key.Record).ToHashSet(StringComparer.Ordinal);
        var foreign = records.Where(record => !taken.Contains(record.Id))
            .Select(record => (Key: ForeignKeys.KeyOf(name, record), Presence: AccountPresence.There));
        return new KeyList(
            [.. own.Concat(foreign).Select(found => new KeyLine(found.Key, found.Presence, OwnerOf(found.Key, staff)))],
            [.. staff.Values.Where(member => !member.Roles.IsEmpty)],
            unreachable,
            fault,
            hint,
            canSuspend);

        AccountPresence Presence(ApiKey key) =>
            key.Kind == KeyKind.Superuser ? AccountPresence.There // Its account is no service account and isn't looked for.
            : unreachable is not null ? AccountPresence.NotKnown
            : key.Collection != name || !collectionThere ? AccountPresence.Elsewhere // One that was renamed goes on with all its tokens.
            : there.ContainsKey(key.Record) || !before.Contains(key.Id) ? AccountPresence.There // Or made a moment ago, after the accounts were read.
            : AccountPresence.Gone;

        // Somebody may have set or taken the mark in PocketBase's dashboard.
        ApiKey AsItIs(ApiKey key) => key.Phase == KeyPhase.Live && there.GetValueOrDefault(key.Record) is { } record
            ? key with { SuspendedAt = ServiceAccountSchema.IsDisabled(record) ? key.SuspendedAt ?? record.Moment("updated") ?? key.CreatedAt : null }
            : key;
    }

    /// <summary>When and how often each of the keys was used, as far as PocketBase's log tells.</summary>
    /// <exception cref="ExplainedException">PocketBase or the trail failed, or the person may not look.</exception>
    public async Task<KeyUsage> UsageAsync(CurrentStaff who, IReadOnlyList<ApiKey> keys, CancellationToken cancellationToken)
    {
        var admin = await who.DemandAsync(Duty.ManageKeys, cancellationToken);
        await pace.KeepAsync(admin, Limit.Reads);
        var caller = book.CallerFor(admin);
        return await audited.RunAsync(
            admin.Begin(AuditEventTypes.KeysListed, clock.GetUtcNow()) with { Target = new AuditTarget("_logs"), Detail = "last use" },
            async () =>
            {
                var (recorded, days) = await accounts.LogSettingsAsync(caller, cancellationToken);
                var uses = new Dictionary<string, KeyUse>(StringComparer.Ordinal);
                if (recorded)
                {
                    foreach (var key in keys)
                    {
                        uses[key.Id] = await UseOfAsync(caller, key, days, cancellationToken);
                    }
                }

                return new KeyUsage(recorded, days, uses);
            },
            (asked, found) => asked with { Target = asked.Target! with { Count = found.Uses.Count } });
    }

    /// <summary>Records that the keys shown are taken away as a file, before they are.</summary>
    /// <exception cref="ExplainedException">The trail failed, or the person may not.</exception>
    public async Task ExportingAsync(CurrentStaff who, KeyFilter filter, int count, CancellationToken cancellationToken)
    {
        var admin = await who.DemandAsync(Duty.ManageKeys, cancellationToken);
        await pace.KeepAsync(admin, Limit.Reads);
        await trail.AppendAsync(admin.Begin(AuditEventTypes.KeysExported, clock.GetUtcNow()) with
        {
            Target = new AuditTarget(options.Value.Collection) { Count = count },
            Detail = filter.Describe(),
        });
    }

    private async Task<KeyUse> UseOfAsync(Caller caller, ApiKey key, int days, CancellationToken cancellationToken)
    {
        if (key.Record.Length == 0)
        {
            return new KeyUse(null, 0); // No account yet, and to the log nobody's id is every guest's.
        }

        var now = clock.GetUtcNow();
        var since = now.AddDays(-days) is var kept && kept > key.CreatedAt ? kept : key.CreatedAt;
        var (count, newest) = await accounts.RequestsOfAsync(caller, KeyEndings.AccountOf(key), since, cancellationToken);
        return new KeyUse(newest, count / Math.Max(1, (now - since).TotalDays));
    }

    private static KeyOwner OwnerOf(ApiKey key, Dictionary<StaffId, StaffMember> staff) =>
        staff.TryGetValue(key.Owner, out var member) ? new KeyOwner(member.Name, HoldsRole: !member.Roles.IsEmpty) : new KeyOwner(key.Owner.Value, HoldsRole: false);
}
