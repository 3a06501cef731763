using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.Audit;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.ViewAs;

/// <summary>
/// Reads the app through a live session. The client proves with each read that the view is the user's; a read that can't be
/// proved ends the session and shows nothing.
/// </summary>
internal sealed class ViewAsReader(
    Pace pace, LiveSessions sessions, SessionEnds ends, ProtectedUsers protectedUsers, AuditedRead audited, AuditTrail trail, SuperuserRequests requests,
    KeyedHash hash, TimeProvider clock)
{
    /// <summary>How many posts a page of the list holds.</summary>
    public const int PageLength = 20;

    /// <summary>A page of the posts that the user sees, newest first where the app keeps a time.</summary>
    public async Task<ReadOutcome<PostList>> PostsAsync(CurrentStaff who, string sessionId, PostCursor? after, CancellationToken cancellationToken)
    {
        var (staff, live) = await RequireAsync(who, sessionId, cancellationToken);
        if (live.Posts is not { } posts)
        {
            return new ReadOutcome<PostList>.Missing();
        }

        await pace.KeepAsync(staff, Limit.Reads);
        var outcome = await ReadAsync(
            live,
            Reading(staff, live, AuditEventTypes.RecordsListed, new AuditTarget(posts.Name)
            {
                QueryHash = hash.Of("query", $"{posts.Sort}|{after}"),
            }),
            (client, token) => PostPages.ReadAsync(posts, after, PageLength, query => client.ListAsync(query, token)),
            (entry, read) => entry with
            {
                Outcome = read is ReadOutcome<RecordPage>.Found ? AuditOutcome.Success : AuditOutcome.Denied,
                Target = entry.Target! with
                {
                    RecordIds = [.. Items(read).Take(PageLength).Select(record => record.Id)],
                    Count = Math.Min(Items(read).Count, PageLength),
                },
            },
            cancellationToken);
        return UnderRule(outcome, posts.Schema.ListRule).Select(page => ToList(posts, page.Items));
    }

    /// <summary>One post, if the user sees it.</summary>
    public async Task<ReadOutcome<PostDetail>> PostAsync(CurrentStaff who, string sessionId, string postId, CancellationToken cancellationToken)
    {
        var (staff, live) = await RequireAsync(who, sessionId, cancellationToken);
        if (live.Posts is not { } posts || !IsAskable(posts, postId))
        {
            return new ReadOutcome<PostDetail>.Missing();
        }

        await pace.KeepAsync(staff, Limit.Reads);
        var outcome = await ReadAsync(
            live,
            Reading(staff, live, AuditEventTypes.RecordViewed, new AuditTarget(posts.Name) { RecordIds = [postId] }),
            (client, token) => client.ViewAsync(posts.Name, postId, posts.Author is { Type: "relation" } author ? author.Name : null, fields: null, token),
            (entry, read) => entry with
            {
                Outcome = read is ReadOutcome<PocketBaseRecord>.Found ? AuditOutcome.Success : AuditOutcome.Denied,
                Detail = read is ReadOutcome<PocketBaseRecord>.Found ? null : "hidden or missing",
            },
            cancellationToken);
        return UnderRule(outcome, posts.Schema.ViewRule).Select(record => PostWords.ToDetail(posts, record, clock.GetUtcNow()));
    }

    private async Task<(ActingStaff Staff, LiveSession Live)> RequireAsync(CurrentStaff who, string sessionId, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ViewAsUsers, cancellationToken);
        var live = sessions.Find(sessionId);
        return live is not null && live.Session.Staff == staff.Member.Id && live.IsOpen
            ? (staff, live)
            : throw new SessionOverException();
    }

    private async Task<ReadOutcome<T>> ReadAsync<T>(
        LiveSession live,
        AuditEvent entry,
        Func<ImpersonatedClient, CancellationToken, Task<ReadOutcome<T>>> read,
        Func<AuditEvent, ReadOutcome<T>, AuditEvent> complete,
        CancellationToken cancellationToken)
    {
        live.Touch();
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, live.Over);
        try
        {
            var outcome = await audited.RunAsync(entry, () => ReadUnlessProtectedAsync(live, read, until.Token), complete);

            // The session may have ended while the answer was on its way; then it isn't shown any more.
            return live.IsOpen ? outcome : throw new SessionOverException();
        }
        catch (OperationCanceledException) when (live.Over.IsCancellationRequested)
        {
            throw new SessionOverException();
        }
        catch (PocketBaseProblem problem) when (problem.Kind == PocketBaseProblemKind.Refused)
        {
            // What is said of it sends the agent to a new session: that one must not believe what this one did.
            requests.ForgetCollections();
            throw;
        }
        catch (PocketBaseProblem problem) when (problem.Kind == PocketBaseProblemKind.TokenRejected)
        {
            if (!live.Over.IsCancellationRequested)
            {
                await RejectAsync(live, entry);
            }

            throw new SessionOverException();
        }
    }

    /// <summary>
    /// Reads while policy is asked whether the user may still be viewed: the answer is thrown away when not, and the session ends.
    /// </summary>
    private async Task<ReadOutcome<T>> ReadUnlessProtectedAsync<T>(
        LiveSession live, Func<ImpersonatedClient, CancellationToken, Task<ReadOutcome<T>>> read, CancellationToken cancellationToken)
    {
        var session = live.Session;
        var reading = read(live.Client, cancellationToken);
        var asking = protectedUsers.OfAsync(hash.CallerFor(session.Staff, session.Id), session.User, cancellationToken);
        await Task.WhenAll(reading, asking);
        if (SessionEnds.ReasonFor(await asking) is { } reason)
        {
            await ends.EndAsync(session.Id, reason);
            throw new SessionOverException();
        }

        return await reading;
    }

    // The session ends first: whatever the trail answers, nothing is read with this token again.
    private async Task RejectAsync(LiveSession live, AuditEvent entry)
    {
        if (!live.Session.IsOpen(clock))
        {
            await ends.EndAsync(live.Session.Id, EndReason.Expired);
            return;
        }

        await ends.EndAsync(live.Session.Id, EndReason.TokenRejected);
        await trail.AppendAsync(entry with
        {
            Type = AuditEventTypes.SessionTokenRejected,
            At = clock.GetUtcNow(),
            Outcome = AuditOutcome.Failed,
            Detail = "The answer was discarded and nothing of it shown.",
        });
    }

    private AuditEvent Reading(ActingStaff staff, LiveSession live, string type, AuditTarget target) =>
        live.Session.Mark(staff.Begin(type, clock.GetUtcNow())) with
        {
            Target = target,
            CorrelationId = AuditedRead.NewCorrelationId(),
        };

    // PocketBase says the same where a rule closes a collection to everybody and where a hook refuses this user.
    private static ReadOutcome<T> UnderRule<T>(ReadOutcome<T> outcome, string? rule) =>
        outcome is ReadOutcome<T>.Locked && rule is not null ? new ReadOutcome<T>.RefusedByApp() : outcome;

    private static IReadOnlyList<PocketBaseRecord> Items(ReadOutcome<RecordPage> read) =>
        read is ReadOutcome<RecordPage>.Found found ? found.Value.Items : [];

    // A table's ids obey PocketBase's rule for all ids; a view's obey none, but no id is longer than what an address carries.
    private static bool IsAskable(PostsCollection posts, string id) =>
        posts.Schema.IsView ? id.Length is > 0 and <= AppUserId.MaximumRecordLength && !id.Contains('\0', StringComparison.Ordinal) : AppUserId.IsRecordId(id);

    private PostList ToList(PostsCollection posts, IReadOnlyList<PocketBaseRecord> items)
    {
        var shown = items.Take(PageLength).ToArray();
        return new PostList(
            [.. shown.Select(record => PostWords.ToSummary(posts, record))],
            items.Count > PageLength ? PostPages.CursorOf(posts, shown[^1]) : null,
            clock.GetUtcNow(),
            posts.Name,
            PostWords.NotesOfList(PostPages.AsShown(posts, shown)));
    }
}
