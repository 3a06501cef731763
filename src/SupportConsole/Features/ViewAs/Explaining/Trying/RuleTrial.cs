using System.Runtime.CompilerServices;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Explaining.Hidden;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Storage;
using static SupportConsole.Core.Numbers;

namespace SupportConsole.Features.ViewAs.Explaining.Trying;

/// <summary>What another rule of a collection would change, with nothing changed: both rules are decided by PocketBase, for records or for users.</summary>
internal sealed class RuleTrial(AccessQuestions questions, RuleDecider decider, SuperuserRequests requests, KeyedHash hash)
{
    /// <summary>For how many records a rule is tried.</summary>
    public const int MostRecords = 5000;

    /// <summary>For how many users a rule is tried.</summary>
    public const int MostUsers = 1000;

    // Progress is seen after each half of the users.
    private const int UsersAtOnce = 500;

    // Of a rule in the trail; its keyed hash stands for the whole.
    private const int LongestSaid = 300;

    // A part is recorded before it is shown.
    private const int LargestPart = 4;

    /// <summary>What the viewed user would see then: record by record, in the order of ids.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="sessionId">Through which session.</param>
    /// <param name="collection">The rule's collection.</param>
    /// <param name="rule">Which of its rules.</param>
    /// <param name="edited">What the rule would be; null for superusers only, empty for everybody.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="AccessUnansweredException">It can't be tried.</exception>
    public async IAsyncEnumerable<TrialOfRecords> OfRecordsAsync(
        CurrentStaff who, string sessionId, string collection, ReadRule rule, string? edited, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changes = new Changes();
        var comparison = new IdComparison();
        string? after = null;
        TrialOfRecords soFar;
        var pages = 1;
        do
        {
            var question = await questions.BeginAsync(who, sessionId, collection, cancellationToken);
            var (appeared, disappeared) = (changes.Appear.Ids.Count, changes.Disappear.Ids.Count);
            soFar = await questions.AskAsync(
                question,
                AuditEventTypes.AccessRuleTried,
                new AuditTarget(question.Known.Name) { QueryHash = hash.Of("query", $"{rule}|{edited}") },
                async (_, token) =>
                {
                    var facts = await FactsAsync(question, rule, edited, token);
                    var isOver = false;
                    for (var page = 0; page < pages && !isOver; page++)
                    {
                        isOver = await TryPageAsync(question, facts, token);
                    }

                    return changes.SoFar(isOver);
                },
                (entry, trial) => entry with
                {
                    Target = entry.Target! with
                    {
                        RecordIds = [.. trial.AppearIds.Skip(appeared), .. trial.DisappearIds.Skip(disappeared)], Count = trial.Appear + trial.Disappear,
                    },
                    Detail = $"{ReadRules.InWords(rule)}, for this user: {Number(trial.Compared)} compared, {Number(trial.Appear)} would appear, {Number(trial.Disappear)} disappear · tried {InWords(edited)}",
                },
                cancellationToken);
            yield return soFar;
            pages = Math.Min(2 * pages, LargestPart);
        }
        while (!soFar.IsOver);

        // A page of records; whether it was the last that is tried.
        async Task<bool> TryPageAsync(AccessQuestion question, Facts facts, CancellationToken token)
        {
            if (!changes.ByFilters)
            {
                var length = Math.Min(RuleDecider.MostAtOnce(facts.Rules), MostRecords - changes.Tried);
                var ids = await questions.IdsAsync(question, question.Known.Name, "", after, length + 1, token);
                string[] tried = [.. ids.Take(length)];
                if (await decider.DecideAsync(question, [question.Live.Session.User.Record], tried, facts.Rules, token) is { } decisions)
                {
                    foreach (var decision in decisions)
                    {
                        changes.Take(decision.Record, decision.Holds[0], decision.Holds[1]);
                    }

                    changes.Tried += tried.Length;
                    after = tried.LastOrDefault();
                    changes.IsSampled = ids.Count > length && changes.Tried >= MostRecords;
                    return ids.Count <= length || changes.IsSampled;
                }

                changes.ByFilters = true;
            }

            var (present, then) = await FiltersAsync(question, facts, token);
            await comparison.ReadOnAsync(
                (last, run) => FilteredAsync(question, present, last, run), (last, run) => FilteredAsync(question, then, last, run),
                (id, isNow, isThen) =>
                {
                    changes.Tried++;
                    changes.Take(id, isNow, isThen);
                },
                token);
            changes.IsSampled = changes.Tried >= MostRecords && !comparison.IsOver;
            return comparison.IsOver || changes.IsSampled;
        }
    }

    /// <summary>Who would gain a record by it, and who would lose it: user by user of the viewed user's collection, in the order of ids.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="sessionId">Through which session.</param>
    /// <param name="collection">The rule's collection.</param>
    /// <param name="record">The record's id.</param>
    /// <param name="rule">Which of its rules.</param>
    /// <param name="edited">What the rule would be; null for superusers only, empty for everybody.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="AccessUnansweredException">It can't be tried.</exception>
    public async IAsyncEnumerable<TrialOfUsers> OfUsersAsync(
        CurrentStaff who, string sessionId, string collection, string record, ReadRule rule, string? edited, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var soFar = new TrialOfUsers(0, 0, null, 0, null, 0, false, false);
        string? after = null;
        for (var tried = 0; !soFar.IsOver;)
        {
            var question = await questions.BeginAsync(who, sessionId, collection, cancellationToken);
            soFar = await questions.AskAsync(
                question,
                AuditEventTypes.AccessRuleTried,
                new AuditTarget(question.Known.Name) { RecordIds = [record], QueryHash = hash.Of("query", $"{rule}|{edited}") },
                async (_, token) =>
                {
                    var facts = await FactsAsync(question, rule, edited, token);
                    await questions.DemandRecordAsync(question, facts.Schema, record, token);
                    var length = Math.Min(Math.Min(RuleDecider.MostAtOnce(facts.Rules), UsersAtOnce), MostUsers - tried);
                    var ids = await questions.IdsAsync(question, question.Live.Session.User.Collection, "", after, length + 1, token);
                    string[] users = [.. ids.Take(length)];
                    var next = soFar;
                    foreach (var decision in await decider.DecideAsync(question, users, [record], facts.Rules, token)
                        ?? throw AccessUnansweredException.NeedsCompanion("A rule is tried for other users only by PocketBase itself."))
                    {
                        next = (decision.Holds[0], decision.Holds[1]) switch
                        {
                            (null, _) or (_, null) => next with { Undecided = next.Undecided + 1 },
                            (false, true) => next with { Gain = next.Gain + 1, GainId = next.GainId ?? decision.User },
                            (true, false) => next with { Lose = next.Lose + 1, LoseId = next.LoseId ?? decision.User },
                            _ => next,
                        } with { Asked = next.Asked + 1 };
                    }

                    (after, tried) = (users.LastOrDefault(), tried + users.Length);
                    var isSampled = ids.Count > length && tried >= MostUsers;
                    return next with { IsOver = ids.Count <= length || isSampled, IsSampled = isSampled };
                },
                (entry, trial) => entry with
                {
                    Detail = $"{ReadRules.InWords(rule)}, for {Number(trial.Asked)} users: {Number(trial.Gain)} would gain the record, {Number(trial.Lose)} lose it · tried {InWords(edited)}",
                },
                cancellationToken);
            yield return soFar;
        }
    }

    // What somebody tried is what they wanted to know: whoever reads the trail should see it.
    private static string InWords(string? edited) => edited switch { null => "superusers only", "" => "everybody", _ => $"“{VisibleText.Shortened(edited, LongestSaid)}”" };

    private async Task<Facts> FactsAsync(AccessQuestion question, ReadRule rule, string? edited, CancellationToken cancellationToken)
    {
        var (app, schema) = await questions.DescribeAllAsync(question, cancellationToken);
        if (schema.IsView)
        {
            throw AccessUnansweredException.View(schema.Name);
        }

        var users = app.Find(question.Live.Session.User.Collection) ?? throw AccessUnansweredException.CollectionGone(question.Live.Session.User.Collection);
        var present = ReadRules.Of(schema, rule);
        EditedRule.Demand(edited, present, schema, users, app);
        return new Facts(app, schema, users, present, edited, [RuleAsked.For(present, app.Grammar), RuleAsked.For(edited, app.Grammar)]);
    }

    /// <summary>Both rules as filters for the viewed user; null for a rule that lets nothing through.</summary>
    private async Task<(string? Present, string? Edited)> FiltersAsync(AccessQuestion question, Facts facts, CancellationToken cancellationToken)
    {
        var user = question.Live.Session.User;
        var self = await requests.ListAsync(
            SuperuserUse.Explain, question.Caller, facts.Users.Name, $"id = {PocketBaseFilter.Literal(facts.App.Grammar, user.Record)}", 1, 1, null, null, cancellationToken);
        var filter = new RuleFilter(user, self.Items is [var record] ? record : throw PocketBaseProblem.Gone("The user"), facts.Users, facts.Schema, facts.App);
        return (Write(facts.Present), Write(facts.Edited));

        string? Write(string? rule)
        {
            if (string.IsNullOrEmpty(rule))
            {
                return rule;
            }

            if (!RuleParser.TryParse(rule, facts.App.Grammar, out var tree, out var fault))
            {
                throw AccessUnansweredException.NeedsCompanion($"The console can't read the present rule: {fault.Sentence}");
            }

            // Room for the place in the list.
            return filter.TryWrite(tree, out var written, out var undecided) ? SuperuserRequests.Fits($"{written} && (id > '{new string(' ', 100)}')") ? written
                : throw AccessUnansweredException.NeedsCompanion("The rule is too long for a filter.") : throw AccessUnansweredException.NeedsCompanion($"This can't be told for this user: {undecided}.");
        }
    }

    private async Task<IReadOnlyList<string>> FilteredAsync(AccessQuestion question, string? filter, string? after, CancellationToken cancellationToken)
    {
        if (filter is null)
        {
            return [];
        }

        try
        {
            return await questions.IdsAsync(question, question.Known.Name, filter, after, IdComparison.PageLength, cancellationToken);
        }
        catch (PocketBaseProblem problem) when (problem.Kind == PocketBaseProblemKind.Refused)
        {
            throw AccessUnansweredException.NotRead();
        }
    }

    private sealed record Facts(AppCollections App, CollectionSchema Schema, CollectionSchema Users, string? Present, string? Edited, IReadOnlyList<RuleAsked> Rules);

    /// <summary>What has been found of records so far.</summary>
    private sealed class Changes
    {
        private int _undecided;

        public (int Count, List<string> Ids) Appear { get; private set; } = (0, []);

        public (int Count, List<string> Ids) Disappear { get; private set; } = (0, []);

        public int Compared { get; private set; }

        public int Tried { get; set; }

        public bool ByFilters { get; set; }

        public bool IsSampled { get; set; }

        public void Take(string id, bool? isNow, bool? isThen)
        {
            Compared++;
            switch (isNow, isThen)
            {
                case (null, _) or (_, null):
                    _undecided++;
                    break;
                case (false, true):
                    Appear = And(Appear, id);
                    break;
                case (true, false):
                    Disappear = And(Disappear, id);
                    break;
            }
        }

        public TrialOfRecords SoFar(bool isOver) =>
            new(Compared, Appear.Count, [.. Appear.Ids], Disappear.Count, [.. Disappear.Ids], _undecided, isOver, IsSampled);

        private static (int Count, List<string> Ids) And((int Count, List<string> Ids) found, string id)
        {
            if (found.Ids.Count < TrialOfRecords.Named)
            {
                found.Ids.Add(id);
            }

            return (found.Count + 1, found.Ids);
        }
    }
}
