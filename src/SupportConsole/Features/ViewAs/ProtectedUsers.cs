using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs;

/// <summary>Whom policy protects.</summary>
internal sealed class ProtectedUsers(SuperuserClient superuser, IOptions<ViewAsOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, (IReadOnlySet<string> Ids, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>Asks PocketBase now: for a user's page and before a session opens.</summary>
    public async Task<bool> IsProtectedAsync(Caller caller, AppUserId user, CancellationToken cancellationToken) =>
        options.Value.ProtectedUsers is { Length: > 0 } filter
        && await superuser.MatchesAsync(SuperuserUse.CheckProtection, caller, user, filter, cancellationToken);

    /// <summary>
    /// The protected users of a collection, at most a minute old: a mark in a list, so that a search stays one request. Nothing
    /// is allowed because of it.
    /// </summary>
    public async Task<IReadOnlySet<string>> IdsAsync(Caller caller, string collection, CancellationToken cancellationToken)
    {
        if (options.Value.ProtectedUsers is not { Length: > 0 } filter)
        {
            return new HashSet<string>();
        }

        if (_known.TryGetValue(collection, out var known) && clock.GetUtcNow() < known.Until)
        {
            return known.Ids;
        }

        var ids = await superuser.FindIdsAsync(SuperuserUse.CheckProtection, caller, collection, filter, cancellationToken);
        _known[collection] = (ids, clock.GetUtcNow() + Fresh);
        return ids;
    }
}
