using System.Runtime.CompilerServices;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>
/// Follows the changes of a collection through a live session. PocketBase decides who hears of which; but it goes on after the token's end, so the
/// session's end cuts the connection here, and whatever came is proved, as any read is, before it is recorded and shown.
/// </summary>
internal sealed class ChangeReader(SessionReads reads, TimeProvider clock)
{
    // From one try to connect to the next; a connection that held for as long as the last begins anew with the first.
    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1), s_longestWait = TimeSpan.FromSeconds(30);

    /// <summary>Follows a collection until nobody listens any more or the session is over. A lost connection is made anew.</summary>
    /// <exception cref="SessionOverException">The session is over.</exception>
    /// <exception cref="Core.ExplainedException">Following can't go on; the message says why.</exception>
    public async IAsyncEnumerable<ChangeNews> FollowAsync(
        CurrentStaff who, string sessionId, string collection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (_, live) = await reads.RequireAsync(who, sessionId, cancellationToken);
        if (live.Collections.Find(collection) is not { } schema)
        {
            yield break;
        }

        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, live.Over);
        for (var wait = TimeSpan.Zero; ;)
        {
            await UnlessLostAsync(live, () => PauseAsync(wait, until.Token));
            var began = clock.GetTimestamp();
            using (var flow = await UnlessLostAsync(live, () => OpenAsync(who, sessionId, schema, until.Token)))
            {
                if (flow is not null)
                {
                    yield return new ChangeNews.Following(clock.GetUtcNow());
                    while (await UnlessLostAsync(live, () => ReadAsync(who, sessionId, schema, flow, until.Token)) is { } changes)
                    {
                        yield return new ChangeNews.Changed(changes);
                    }
                }
            }

            yield return new ChangeNews.Lost(clock.GetUtcNow());
            wait = wait == TimeSpan.Zero || clock.GetElapsedTime(began) >= s_longestWait ? s_firstWait : TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, s_longestWait.Ticks));
        }
    }

    private async Task<ChangeFlow?> OpenAsync(CurrentStaff who, string sessionId, CollectionSchema schema, CancellationToken until)
    {
        var (staff, live) = await reads.RequireAsync(who, sessionId, until);
        var naming = live.Collections.NamingOf(schema);
        RecordChanges? opened = null;
        try
        {
            opened = await reads.RunAsync(
                staff,
                live,
                AuditEventTypes.RecordsFollowed,
                new AuditTarget(schema.Name),
                async (client, token) => opened = await client.ReadChangesAsync(schema.Name, naming.Fields.Prepend("id"), token),
                (entry, _) => entry with { Detail = "from now on" },
                until);
            return new ChangeFlow(opened, naming, clock, until);
        }
        catch
        {
            // Opened, and then something stood against following.
            opened?.Dispose();
            throw;
        }
    }

    private async Task<ChangeSummary?> ReadAsync(CurrentStaff who, string sessionId, CollectionSchema schema, ChangeFlow flow, CancellationToken until)
    {
        // Beside the window's own work: a flood must not keep it from hearing its person.
        if (await Task.Run(flow.GatherAsync, until) is not { } changes)
        {
            return null;
        }

        var (staff, live) = await reads.RequireAsync(who, sessionId, until);
        return await reads.RunAsync(
            staff,
            live,
            AuditEventTypes.RecordsFollowed,
            new AuditTarget(schema.Name) { RecordIds = [.. changes.Newest.Select(changed => changed.Id).Distinct()], Count = changes.Count },
            async (client, token) =>
            {
                await client.ProveAliveAsync(token);
                return changes;
            },
            (entry, _) => entry with { Detail = changes.InWords() },
            until);
    }

    private async Task<ChangeNews?> PauseAsync(TimeSpan wait, CancellationToken until)
    {
        await Task.Delay(wait, clock, until);
        return null;
    }

    /// <summary>Does one step; null when the connection didn't hold.</summary>
    private static async Task<T?> UnlessLostAsync<T>(LiveSession live, Func<Task<T?>> step)
        where T : class
    {
        try
        {
            return await step();
        }
        catch (OperationCanceledException) when (live.Over.IsCancellationRequested)
        {
            throw new SessionOverException();
        }
        catch (PocketBaseProblem problem) when (problem.Kind is PocketBaseProblemKind.Unreachable or PocketBaseProblemKind.TimedOut
            or PocketBaseProblemKind.RateLimited or PocketBaseProblemKind.NotPocketBase or PocketBaseProblemKind.Failed)
        {
            return null;
        }
    }
}
