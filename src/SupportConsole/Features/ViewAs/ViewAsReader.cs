using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core;
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
    OpenSessions sessions, ViewAsDesk desk, AuditedRead audited, AuditTrail trail, KeyedHash hash, IOptions<PocketBaseOptions> options, TimeProvider clock)
{
    /// <summary>How many posts a page of the list holds.</summary>
    public const int PageLength = 20;

    private readonly PostsOptions _posts = options.Value.Posts;

    /// <summary>A page of the posts that the user sees, newest first.</summary>
    public async Task<Seen<PostList>> PostsAsync(CurrentStaff who, string sessionId, PostCursor? after, CancellationToken cancellationToken)
    {
        var (staff, live) = await RequireAsync(who, sessionId, cancellationToken);
        var query = new RecordQuery(_posts.Collection)
        {
            // One more than shown tells whether there are older ones, without counting and without ever asking for an empty page.
            PerPage = PageLength + 1,
            Sort = $"-{_posts.Created},-id",
            Filter = after is null ? null : After(after),
            Expand = _posts.Author,
            Fields = $"id,{_posts.Title},{_posts.Status},{_posts.Created},{_posts.Attachments},{_posts.Author},{_posts.Body}:excerpt(200,true),"
                + $"expand.{_posts.Author}.id,expand.{_posts.Author}.name,expand.{_posts.Author}.username",
        };
        var outcome = await ReadAsync(
            live,
            Reading(staff, live, AuditEventTypes.RecordsListed, new AuditTarget(_posts.Collection)
            {
                QueryHash = hash.Of("query", $"{query.Sort}|{query.Filter}"),
            }),
            (client, token) => client.ListAsync(query, token),
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
        return outcome switch
        {
            ReadOutcome<RecordPage>.Found found => new Seen<PostList>.It(ToList(found.Value.Items)),
            ReadOutcome<RecordPage>.Locked => new Seen<PostList>.Locked(),
            _ => new Seen<PostList>.HiddenOrMissing(),
        };
    }

    /// <summary>One post, if the user sees it.</summary>
    public async Task<Seen<PostDetail>> PostAsync(CurrentStaff who, string sessionId, string postId, CancellationToken cancellationToken)
    {
        var (staff, live) = await RequireAsync(who, sessionId, cancellationToken);
        if (!AppUserId.IsSegment(postId))
        {
            return new Seen<PostDetail>.HiddenOrMissing();
        }

        var outcome = await ReadAsync(
            live,
            Reading(staff, live, AuditEventTypes.RecordViewed, new AuditTarget(_posts.Collection) { RecordIds = [postId] }),
            (client, token) => client.ViewAsync(_posts.Collection, postId, _posts.Author, fields: null, token),
            (entry, read) => entry with
            {
                Outcome = read is ReadOutcome<PocketBaseRecord>.Found ? AuditOutcome.Success : AuditOutcome.Denied,
                Detail = read is ReadOutcome<PocketBaseRecord>.Found ? null : "hidden or missing",
            },
            cancellationToken);
        return outcome switch
        {
            ReadOutcome<PocketBaseRecord>.Found found => new Seen<PostDetail>.It(ToDetail(found.Value)),
            ReadOutcome<PocketBaseRecord>.Locked => new Seen<PostDetail>.Locked(),
            _ => new Seen<PostDetail>.HiddenOrMissing(),
        };
    }

    private async Task<(ActingStaff Staff, LiveSession Live)> RequireAsync(CurrentStaff who, string sessionId, CancellationToken cancellationToken)
    {
        var staff = await who.DemandAsync(Duty.ViewAsUsers, cancellationToken);
        var live = sessions.Find(sessionId);
        return live is not null && live.Session.Staff == staff.Member.Id && live.Session.IsOpenAt(clock.GetUtcNow())
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
        live.Touch(clock.GetUtcNow());
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, live.Over);
        try
        {
            var outcome = await audited.RunAsync(entry, () => read(live.Client, until.Token), complete);

            // The session may have ended while the answer was on its way; then it isn't shown any more.
            return live.Over.IsCancellationRequested || !live.Session.IsOpenAt(clock.GetUtcNow())
                ? throw new SessionOverException()
                : outcome;
        }
        catch (OperationCanceledException) when (live.Over.IsCancellationRequested)
        {
            throw new SessionOverException();
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

    // The session ends first: whatever the trail answers, nothing is read with this token again.
    private async Task RejectAsync(LiveSession live, AuditEvent entry)
    {
        if (!live.Session.IsOpenAt(clock.GetUtcNow()))
        {
            await desk.EndAsync(live.Session.Id, EndReason.Expired);
            return;
        }

        await desk.EndAsync(live.Session.Id, EndReason.TokenRejected);
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

    private string After(PostCursor cursor)
    {
        // Both came from PocketBase; encoded all the same. Neither can hold a quote or a backslash, so both grammars agree.
        var created = PocketBaseFilter.Literal(FilterGrammar.Legacy, cursor.Created.Replace("\\", "", StringComparison.Ordinal));
        var id = PocketBaseFilter.Literal(FilterGrammar.Legacy, AppUserId.IsSegment(cursor.Id) ? cursor.Id : "");
        return $"{_posts.Created} < {created} || ({_posts.Created} = {created} && id < {id})";
    }

    private static IReadOnlyList<PocketBaseRecord> Items(ReadOutcome<RecordPage> read) =>
        read is ReadOutcome<RecordPage>.Found found ? found.Value.Items : [];

    private PostList ToList(IReadOnlyList<PocketBaseRecord> items)
    {
        var shown = items.Take(PageLength).ToArray();
        return new PostList(
            [.. shown.Select(ToSummary)],
            items.Count > PageLength ? new PostCursor(shown[^1].Text(_posts.Created), shown[^1].Id) : null,
            clock.GetUtcNow());
    }

    private PostSummary ToSummary(PocketBaseRecord record) => new(
        record.Id,
        VisibleText.IsBlank(record.Text(_posts.Title)) ? "Untitled" : record.Text(_posts.Title),
        AuthorOf(record),
        record.Text(_posts.Status),
        record.Moment(_posts.Created),
        record.Text(_posts.Body),
        record.Files(_posts.Attachments).Count);

    private PostDetail ToDetail(PocketBaseRecord record) => new(
        ToSummary(record) with { Excerpt = "" },
        ShownBody.Of("editor", record.Text(_posts.Body)),
        record.Files(_posts.Attachments),
        clock.GetUtcNow());

    private string AuthorOf(PocketBaseRecord record) => record.Expanded(_posts.Author) switch
    {
        { } author when author.Text("name") is var name && !VisibleText.IsBlank(name) => name,
        { } author when author.Text("username") is var name && !VisibleText.IsBlank(name) => name,
        { } author => author.Id,
        null when record.Text(_posts.Author).Length > 0 => "an author this user can't see",
        null => "no author",
    };
}
