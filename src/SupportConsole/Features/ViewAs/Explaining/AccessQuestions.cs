using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.ViewAs.Explaining;

/// <summary>
/// What questions about a user's access have in common: they need a duty of their own beside the session, each is recorded before PocketBase is
/// asked, and rules are those that PocketBase keeps at this moment.
/// </summary>
internal sealed class AccessQuestions(SessionReads reads, SuperuserRequests requests, KeyedHash hash)
{
    /// <summary>Lets somebody ask who may, in a live session of their own.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="sessionId">Through which session.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <returns>Who asks, in which session, and on whose behalf PocketBase is asked with superuser rights.</returns>
    /// <exception cref="SessionOverException">The session is over, or somebody else's.</exception>
    public async Task<(ActingStaff Staff, LiveSession Live, Caller Caller)> RequireAsync(CurrentStaff who, string sessionId, CancellationToken cancellationToken)
    {
        await who.DemandAsync(Duty.ExplainAccess, cancellationToken);
        var (staff, live) = await reads.RequireAsync(who, sessionId, cancellationToken);
        return (staff, live, hash.CallerFor(live.Session.Staff, live.Session.Id));
    }

    /// <summary>Begins a question.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="sessionId">Through which session.</param>
    /// <param name="collection">About which collection, by its name or id.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="SessionOverException">The session is over, or somebody else's.</exception>
    /// <exception cref="AccessUnansweredException">The session knows no such collection, or PocketBase keeps it for itself.</exception>
    public async Task<AccessQuestion> BeginAsync(CurrentStaff who, string sessionId, string collection, CancellationToken cancellationToken)
    {
        var (staff, live, caller) = await RequireAsync(who, sessionId, cancellationToken);
        var known = live.Collections.Find(collection) ?? throw AccessUnansweredException.NoCollection();
        return known.System ? throw AccessUnansweredException.OfPocketBase(known.Name)
            : new AccessQuestion(staff, live, caller, known);
    }

    /// <summary>Asks, between the entries of question and answer.</summary>
    /// <param name="question">Who asks about what.</param>
    /// <param name="type">What kind of question it is.</param>
    /// <param name="target">What it is about; its collection is the question's.</param>
    /// <param name="ask">Asks PocketBase.</param>
    /// <param name="complete">Adds to the entry what only the answer tells.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    public Task<T> AskAsync<T>(
        AccessQuestion question, string type, AuditTarget target, Func<ImpersonatedClient, CancellationToken, Task<T>> ask, Func<AuditEvent, T, AuditEvent> complete,
        CancellationToken cancellationToken) =>
        reads.RunAsync(question.Staff, question.Live, type, target, ask, complete, cancellationToken);

    /// <summary>The collection as PocketBase describes it at this moment.</summary>
    /// <exception cref="AccessUnansweredException">It was renamed or deleted since the session opened.</exception>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<CollectionSchema> DescribeAsync(AccessQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            return Same(question, await requests.DescribeCollectionAsync(SuperuserUse.Explain, question.Caller, question.Known.Id, cancellationToken));
        }
        catch (PocketBaseProblem problem) when (problem.Kind == PocketBaseProblemKind.Gone)
        {
            throw AccessUnansweredException.CollectionGone(question.Known.Name);
        }
    }

    /// <summary>All collections as PocketBase describes them at this moment, and the question's among them.</summary>
    /// <exception cref="AccessUnansweredException">It was renamed or deleted since the session opened.</exception>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<(AppCollections App, CollectionSchema Schema)> DescribeAllAsync(AccessQuestion question, CancellationToken cancellationToken)
    {
        var app = new AppCollections(
            await requests.DescribeCollectionsAsync(SuperuserUse.Explain, question.Caller, CollectionSchema.From, cancellationToken), question.Live.Collections.Grammar);
        return (app, Same(question, app.All.FirstOrDefault(one => one.Id == question.Known.Id) ?? throw AccessUnansweredException.CollectionGone(question.Known.Name)));
    }

    /// <summary>A superuser's ids of a collection, in their order.</summary>
    /// <param name="question">Who asks.</param>
    /// <param name="collection">The collection's name.</param>
    /// <param name="filter">What narrows it; empty for everything.</param>
    /// <param name="after">The id after which they begin; null for the first.</param>
    /// <param name="length">How many at most: not more than PocketBase's largest page, and one.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or refused the filter.</exception>
    public async Task<IReadOnlyList<string>> IdsAsync(
        AccessQuestion question, string collection, string filter, string? after, int length, CancellationToken cancellationToken)
    {
        var beyond = after is null ? "" : $"id > {PocketBaseFilter.Literal(question.Live.Collections.Grammar, after)}";
        var both = (filter.Length, beyond.Length) switch { (0, _) => beyond, (_, 0) => filter, _ => $"{beyond} && ({filter}\n)" };
        var page = await requests.ListAsync(SuperuserUse.Explain, question.Caller, collection, both, 1, length, "id", "id", cancellationToken);
        return [.. page.Items.Select(record => record.Id)];
    }

    /// <summary>Goes on only where there is such a record, in a collection whose ids tell records apart.</summary>
    /// <exception cref="AccessUnansweredException">There is none.</exception>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task DemandRecordAsync(AccessQuestion question, CollectionSchema schema, string record, CancellationToken cancellationToken)
    {
        if (schema.IsView)
        {
            throw AccessUnansweredException.View(schema.Name);
        }

        if (!AppUserId.IsRecordId(record) || !PocketBaseFilter.TryLiteral(question.Live.Collections.Grammar, record, out var literal)
            || (await requests.ListAsync(SuperuserUse.Explain, question.Caller, schema.Name, $"id = {literal}", 1, 1, null, "id", cancellationToken)).Items is not [_])
        {
            throw AccessUnansweredException.NoRecord(schema.Name);
        }
    }

    private static CollectionSchema Same(AccessQuestion question, CollectionSchema schema) =>
        schema.Name == question.Known.Name ? schema : throw AccessUnansweredException.CollectionRenamed(question.Known.Name, schema.Name);
}
