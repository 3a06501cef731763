using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Explaining.Changes;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining;

/// <summary>
/// Answers why the user of a live session can't see a record. Whether they do is the user's own two reads; why is the rules, condition by condition,
/// decided by PocketBase itself. What superusers see of it is read before and after: where the two differ, nothing is explained.
/// </summary>
internal sealed class Explainer(
    SessionReads reads, AccessQuestions questions, RuleJudge judge, SmallestChange changes, SuperuserRequests requests, TimeProvider clock)
{
    // What PocketBase gets to do at the same time while it looks for a record.
    private const int AtOnce = 4;

    /// <summary>Looks for the record that somebody means, in every collection of the app's that could hold it.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="typed">An id, or an address of the app with an id in it.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <returns>Where there is such a record, whether or not the user sees it.</returns>
    /// <exception cref="SessionOverException">The session ended meanwhile.</exception>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<IReadOnlyList<RecordPlace>> LocateAsync(CurrentStaff who, string sessionId, string typed, CancellationToken cancellationToken)
    {
        var (staff, live, caller) = await questions.RequireAsync(who, sessionId, cancellationToken);
        var ids = UserQuery.Parse(typed).Parts;
        (CollectionSchema Schema, string[] Ids)[] places =
            [.. live.Collections.All.Where(schema => !schema.System).Select(schema => (schema, ids.Where(id => schema.IsView ? schema.MayHold(id) : schema.TakesId(id)).ToArray())).Where(place => place.Item2.Length > 0)];
        if (places.Length == 0)
        {
            return [];
        }

        return await reads.RunAsync(
            staff,
            live,
            AuditEventTypes.AccessLocated,
            target: null,
            async (_, token) =>
            {
                var found = new RecordPlace[places.Length][];
                await Parallel.ForAsync(0, places.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = token }, async (i, inner) =>
                {
                    var (schema, candidates) = places[i];
                    var filter = string.Join(" || ", candidates.Select(id => $"id = {PocketBaseFilter.Literal(live.Collections.Grammar, id)}"));
                    try
                    {
                        var page = await requests.ListAsync(SuperuserUse.Explain, caller, schema.Name, filter, 1, candidates.Length, null, "id", inner);
                        found[i] = [.. page.Items.Select(record => new RecordPlace(schema.Name, record.Id)).Distinct()];
                    }
                    catch (PocketBaseProblem problem) when (problem.Kind == PocketBaseProblemKind.Gone)
                    {
                        found[i] = []; // Deleted or renamed since the session opened.
                    }
                });
                return (IReadOnlyList<RecordPlace>)[.. found.SelectMany(of => of)];
            },
            (entry, all) => entry with
            {
                Detail = $"looked for a record in {places.Length} collection{(places.Length == 1 ? "" : "s")} as superuser: {all.Count} found",
                Target = all is [var only] ? new AuditTarget(only.Collection) { RecordIds = [only.Id] } : null,
            },
            cancellationToken);
    }

    /// <summary>Explains one record.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="collection">The record's collection.</param>
    /// <param name="id">The record's id.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="SessionOverException">The session ended meanwhile.</exception>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<Explanation> ExplainAsync(CurrentStaff who, string sessionId, string collection, string id, CancellationToken cancellationToken)
    {
        var (staff, live, caller) = await questions.RequireAsync(who, sessionId, cancellationToken);
        if (live.Collections.Find(collection) is not { } schema)
        {
            return new Explanation.CollectionGone();
        }

        if (!schema.MayHold(id) || !PocketBaseFilter.TryLiteral(live.Collections.Grammar, id, out _))
        {
            return new Explanation.DoesNotExist();
        }

        return await reads.RunAsync(
            staff,
            live,
            AuditEventTypes.AccessExplained,
            new AuditTarget(schema.Name) { RecordIds = [id] },
            (client, token) => ExplainAsync(live, caller, client, schema, id, token),
            (entry, explanation) => entry with { Detail = $"as superuser: {InWords(explanation)}" },
            cancellationToken);
    }

    /// <summary>Names the smallest changes of data that would let the user see a record, by the rules and the values of this moment.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="collection">The record's collection.</param>
    /// <param name="id">The record's id.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="AccessUnansweredException">There is no such record any more, or something changed while it was looked at.</exception>
    /// <exception cref="SessionOverException">The session ended meanwhile.</exception>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<AccessChanges> ChangesAsync(CurrentStaff who, string sessionId, string collection, string id, CancellationToken cancellationToken)
    {
        var question = await questions.BeginAsync(who, sessionId, collection, cancellationToken);
        return await questions.AskAsync(
            question,
            AuditEventTypes.AccessChangesNamed,
            new AuditTarget(question.Known.Name) { RecordIds = [id] },
            async (client, token) =>
            {
                var found = await ExplainAsync(question.Live, question.Caller, client, question.Known, id, token) as Explanation.Found ?? throw AccessUnansweredException.Changed();
                return found.ToSee is { } rule ? await changes.FindAsync(found.Subject, rule, found.List.Decisions, question.Caller, token) : AccessChanges.None;
            },
            (entry, answer) => entry with { Detail = $"as superuser: {answer.Named.Count} named, {answer.NeedsRequest.Count + answer.Unnamed.Count} conditions kept apart" },
            cancellationToken);
    }

    private async Task<Explanation> ExplainAsync(
        LiveSession live, Caller caller, ImpersonatedClient client, CollectionSchema schema, string id, CancellationToken cancellation)
    {
        try
        {
            // Where the rules are others than when the session opened: once more, with those of now.
            var explained = await LookAsync(live, caller, client, schema, id, cancellation);
            explained = explained is RulesOfNow { Schema: var now } ? await LookAsync(live, caller, client, now, id, cancellation) : explained;
            return explained is Outcome { Explanation: var explanation } ? explanation : new Explanation.Changed("The collection's rules changed while they were looked at.");
        }
        catch (PocketBaseProblem problem) when (problem.Kind == PocketBaseProblemKind.Gone)
        {
            return new Explanation.CollectionGone();
        }
    }

    private async Task<Answer> LookAsync(
        LiveSession live, Caller caller, ImpersonatedClient client, CollectionSchema schema, string id, CancellationToken cancellation)
    {
        var (user, app) = (live.Session.User, live.Collections);
        if (app.Find(user.Collection) is not { } users)
        {
            return new Outcome(new Explanation.CollectionGone());
        }

        var values = new OperandWords(schema, users, app, live.Session.UserName);
        var (list, view) = (Read(schema.ListRule), Read(schema.ViewRule));
        RuleNode[] rules = [.. new[] { list.Tree, view.Tree }.OfType<RuleNode>()];
        var asked = values.AskedFor(rules, RuleOperandKind.Field);
        var own = values.AskedFor(rules, RuleOperandKind.Auth);

        // Before: what superusers see of both.
        var (before, selfBefore) = await Both(ReadRecordAsync(), ReadSelfAsync());
        if (selfBefore is null)
        {
            return new Outcome(new Explanation.Changed("The user's own record is gone."));
        }

        // As the user, and what PocketBase decides of the conditions.
        var subject = new RuleSubject(user, selfBefore, users, schema, id, app, client.IsGuarded) { UserName = live.Session.UserName };
        var canSignIn = CanSignInAsync();
        var deciding = before is null ? Task.FromResult<IReadOnlyDictionary<RuleNode, Decision>>(new Dictionary<RuleNode, Decision>())
            : judge.DecideAsync(subject, rules.SelectMany(rule => rule.All).Where(node => node is not RuleGroup { IsLinked: false }), caller, cancellation);
        var finding = client.ReadBothWaysAsync(schema.Name, id, app.Grammar, cancellation);
        await Task.WhenAll(canSignIn, deciding, finding);
        var (listed, viewed) = await finding;

        // And after: the same, or what was read in between belongs to neither.
        var describing = requests.DescribeCollectionAsync(SuperuserUse.Explain, caller, schema.Id.Length > 0 ? schema.Id : schema.Name, cancellation);
        var (after, selfAfter) = await Both(ReadRecordAsync(), ReadSelfAsync());
        var now = await describing;
        if (now.Name != schema.Name)
        {
            return new Outcome(new Explanation.CollectionGone());
        }

        if ((now.ListRule, now.ViewRule) != (schema.ListRule, schema.ViewRule))
        {
            return new RulesOfNow(now);
        }

        if (before is null || after is null)
        {
            return new Outcome(before is null && after is null ? new Explanation.DoesNotExist()
                : new Explanation.Changed(after is null ? "The record was deleted while it was looked at." : "The record was made while it was looked for."));
        }

        if (!before.IsSameAs(after))
        {
            return new Outcome(new Explanation.Changed("The record changed while it was looked at."));
        }

        if (selfAfter is null || !selfBefore.IsSameAs(selfAfter))
        {
            return new Outcome(new Explanation.Changed("The user's own record changed while it was looked at."));
        }

        var decisions = await deciding;
        return new Outcome(new Explanation.Found(
            now, id,
            Explain(list, schema.ListRule, StateOf(listed.Under(schema.ListRule))),
            Explain(view, schema.ViewRule, StateOf(viewed.Under(schema.ViewRule))))
        {
            HiddenFields = viewed is ReadOutcome<bool>.Found ? [.. now.Fields.Where(field => field.Hidden).Select(field => field.Name)] : [],
            IsEmailHidden = now.IsAuth && (now.Name, id) != (user.Collection, user.Record) && before.Has("emailVisibility") && !before.Flag("emailVisibility"),
            CanSignIn = await canSignIn,
            ByHook = client.IsGuarded,
            Subject = subject,
            At = clock.GetUtcNow(),
        });

        DoorExplanation Explain((RuleNode? Tree, RuleFault? Fault) rule, string? text, DoorState state) => new(text, state)
        {
            Tree = rule.Tree,
            Fault = rule.Fault,
            Decisions = decisions,
            Rows = rule.Tree is null ? [] : RuleRow.Of(rule.Tree, decisions, clause => values.Of(clause, before, selfBefore)),
        };

        (RuleNode? Tree, RuleFault? Fault) Read(string? rule) =>
            string.IsNullOrEmpty(rule) ? (null, null)
            : RuleParser.TryParse(rule, app.Grammar, out var tree, out var fault, operand => RulePath.MayBeMany(operand, schema, users, app)) ? (tree, null)
            : (null, fault);

        Task<PocketBaseRecord?> ReadRecordAsync() =>
            ReadAsync(schema, id, schema.IsAuth ? $"{asked.Fields},emailVisibility" : asked.Fields, asked.Expand, app, caller, cancellation);

        Task<PocketBaseRecord?> ReadSelfAsync() => ReadAsync(users, user.Record, $"{own.Fields},email,verified,emailVisibility", own.Expand, app, caller, cancellation);

        async Task<bool?> CanSignInAsync() => users.AuthRule switch
        {
            null => false,
            "" => true,
            var rule when rule.Contains("@request.", StringComparison.OrdinalIgnoreCase) => null,
            var rule => await MeetsAsync($"id = {PocketBaseFilter.Literal(app.Grammar, user.Record)} && ({rule}\n)"),
        };

        // A rule may be longer than a filter: then it can't be told.
        async Task<bool?> MeetsAsync(string filter) => !SuperuserRequests.Fits(filter) ? null
            : (await requests.ListAsync(SuperuserUse.Explain, caller, users.Name, filter, 1, 1, null, "id", cancellation)).Items.Count == 1;
    }

    private async Task<PocketBaseRecord?> ReadAsync(
        CollectionSchema of, string id, string fields, string? expand, AppCollections app, Caller caller, CancellationToken cancellation) =>
        (await requests.ListAsync(
            SuperuserUse.Explain, caller, of.Name, $"id = {PocketBaseFilter.Literal(app.Grammar, id)}", 1, 1, null, fields, cancellation, expand)).Items is [var record, ..] ? record : null;

    private static DoorState StateOf(ReadOutcome<bool> isThere) => isThere switch
    {
        ReadOutcome<bool>.Found { Value: true } => DoorState.Open,
        ReadOutcome<bool>.Locked => DoorState.Locked,
        ReadOutcome<bool>.RefusedByApp => DoorState.RefusedByApp,
        _ => DoorState.Closed,
    };

    private static async Task<(T First, T Second)> Both<T>(Task<T> first, Task<T> second)
    {
        await Task.WhenAll(first, second);
        return (await first, await second);
    }

    private static string InWords(Explanation explanation) => explanation switch
    {
        Explanation.Found found => $"list {Word(found.List)}, view {Word(found.View)}",
        Explanation.DoesNotExist => "there is no such record",
        Explanation.CollectionGone => "there is no such collection any more",
        _ => "not explained: something changed meanwhile",
    };

    private static string Word(DoorExplanation door) => door.State switch
    {
        DoorState.Open => "yes",
        DoorState.Locked => "locked",
        DoorState.RefusedByApp => "refused by the app",
        _ => door.Holds == false ? "no, by the rule" : "no",
    };

    private abstract record Answer;

    private sealed record Outcome(Explanation Explanation) : Answer;

    private sealed record RulesOfNow(CollectionSchema Schema) : Answer;
}
