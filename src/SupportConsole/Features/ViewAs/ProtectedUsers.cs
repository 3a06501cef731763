using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs;

/// <summary>
/// Whom policy protects. A filter that PocketBase refuses, for want of a field or since one was renamed, protects everybody of that
/// collection: nobody is viewed because a filter is broken.
/// </summary>
internal sealed class ProtectedUsers(SuperuserClient superuser, UserCollections collections, IOptions<ViewAsOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, (IReadOnlySet<string>? Ids, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>Asks PocketBase now: for a user's page, before a session opens, and at each read of one.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<Protection> OfAsync(Caller caller, AppUserId user, CancellationToken cancellationToken)
    {
        if (options.Value.ProtectedUsersOf(user.Collection) is not { Length: > 0 } filter)
        {
            return Protection.None;
        }

        if (!PocketBaseFilter.StandsAlone(filter))
        {
            return Protection.Undecided;
        }

        try
        {
            return await superuser.MatchesAsync(SuperuserUse.CheckProtection, caller, user, filter, cancellationToken)
                ? Protection.Protected
                : Protection.None;
        }
        catch (PocketBaseProblem problem) when (IsRefusal(problem))
        {
            return Protection.Undecided;
        }
    }

    /// <summary>
    /// The same for the users of one page of results, from what was learnt within the last minute: a mark in a list, so that a search
    /// stays one request. Nothing is allowed because of it.
    /// </summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<Func<string, Protection>> OfAllAsync(
        Caller caller, string collection, IReadOnlyCollection<string> shown, CancellationToken cancellationToken)
    {
        if (options.Value.ProtectedUsersOf(collection) is not { Length: > 0 } filter)
        {
            return _ => Protection.None;
        }

        if (!PocketBaseFilter.StandsAlone(filter))
        {
            return _ => Protection.Undecided;
        }

        try
        {
            var all = await AllIdsAsync(caller, collection, filter, cancellationToken);
            var ids = all ?? await AmongAsync(caller, collection, filter, shown, cancellationToken);
            return id => ids.Contains(id) ? Protection.Protected : Protection.None;
        }
        catch (PocketBaseProblem problem) when (IsRefusal(problem))
        {
            return _ => Protection.Undecided;
        }
    }

    /// <summary>A sentence about each collection whose filter PocketBase refuses; what the start and readiness ask.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<IReadOnlyList<string>> MisfitsAsync(CancellationToken cancellationToken)
    {
        List<string> misfits = [];
        var learnt = await collections.LearnAsync(Caller.Console, cancellationToken);
        foreach (var collection in learnt.Fitting)
        {
            if (options.Value.ProtectedUsersOf(collection.Name) is not { Length: > 0 } filter)
            {
                continue;
            }

            if (!PocketBaseFilter.StandsAlone(filter))
            {
                misfits.Add(
                    $"The filter of ViewAs:ProtectedUsers for the collection '{collection.Name}' has a bracket or a quote that it doesn't close or didn't open, so each of its users counts as protected. Correct the filter and start again.");
                continue;
            }

            try
            {
                await superuser.FindUsersAsync(SuperuserUse.CheckProtection, Caller.Console, collection.Name, filter, 1, 1, cancellationToken);
            }
            catch (PocketBaseProblem problem) when (IsRefusal(problem))
            {
                misfits.Add(
                    $"PocketBase refuses the filter of ViewAs:ProtectedUsers for the collection '{collection.Name}', so each of its users counts as protected. Give it a filter of its own in ViewAs:ProtectedUsers:{collection.Name} (empty protects nobody) and start again.");
            }
        }

        misfits.AddRange(options.Value.ProtectedUsersByCollection.Keys
            .Where(name => learnt.Misfits.Count == 0 && learnt.Find(name) is null)
            .Select(name => $"ViewAs:ProtectedUsers:{name} is for a collection that isn't among PocketBase:UserCollections. Correct the name and start again."));
        return misfits;
    }

    /// <summary>All protected users of a collection, at most a minute old; null when they are more than one page of PocketBase's.</summary>
    private async Task<IReadOnlySet<string>?> AllIdsAsync(Caller caller, string collection, string filter, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(collection, out var known) && clock.GetUtcNow() < known.Until)
        {
            return known.Ids;
        }

        var ids = await superuser.FindIdsAsync(SuperuserUse.CheckProtection, caller, collection, filter, cancellationToken);
        var all = ids.Count < SuperuserClient.MaxIds ? ids : null;
        _known[collection] = (all, clock.GetUtcNow() + Fresh);
        return all;
    }

    private async Task<IReadOnlySet<string>> AmongAsync(
        Caller caller, string collection, string filter, IReadOnlyCollection<string> shown, CancellationToken cancellationToken) =>
        shown.Count == 0
            ? new HashSet<string>()
            : await superuser.FindIdsAsync(
                SuperuserUse.CheckProtection, caller, collection, $"({string.Join(" || ", shown.Select(id => $"id = '{id}'"))}) && ({filter}\n)", cancellationToken);

    private static bool IsRefusal(PocketBaseProblem problem) =>
        problem.Kind is PocketBaseProblemKind.Refused or PocketBaseProblemKind.Gone or PocketBaseProblemKind.RefusedByApp;
}
