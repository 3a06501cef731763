#pragma warning disable RS0030 // A seed that is said, so that the same things are made up each time.
using System.Collections.Concurrent;
using System.Globalization;
using SupportConsole.Core.Rules;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>
/// What is said of made-up rules, against what the users' own tokens get under them: each rule guards the records, each user lists them, and what
/// the conditions come to, put together, is the same or undecided. The classes at the end run it on each version, with the companion hook and without.
/// </summary>
public abstract class RuleTrials(PocketBaseServer server) : RuleAppTest(server)
{
    // Rules × users × records of one run are some thousand cases.
    private const int RulesARun = 40;

    // What chance rarely meets: rows that lack a value, and functions over several.
    private static readonly string[] s_picked =
    [
        "crews.lead.role = 'red' && crews.tags:each = 'blue'", "crews.lead.role ~ 'e' && crews.size ?= 2", "crews.lead.role != 'x' && crews.size ?= 2",
        "strftime('%m', works_via_parent.due) = strftime('%Y', @request.auth.birthday)", "@request.auth.crews:each != crews.id", "open = true || @request.auth.crew.active = true",
    ];

    private readonly bool _hasHook = server is GuardedServer;
    private readonly ConcurrentDictionary<string, int> _reasons = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_is_said_of_a_rule_is_what_the_users_own_tokens_get(int seed)
    {
        var maker = new RuleMaker(seed);
        var random = new Random(seed);
        var judge = new RuleJudge(Console.Companion, Console.Requests);
        List<string> wrong = [];
        var (cases, undecided, held, rules) = (0, 0, 0, 0);
        Queue<string> picked = new(s_picked);
        while (rules < RulesARun)
        {
            var rule = picked.TryDequeue(out var one) ? one : maker.Next();
            if (!await App.TryGuardAsync(rule))
            {
                continue;
            }

            rules++;
            Func<RuleOperand, bool>? isMany = rules % 2 == 0 ? null : operand => Enumerable.Range(0, App.Users.Count).Select(user => App.Subject(user, "", false))
                .Any(subject => RulePath.MayBeMany(operand, subject.Records, subject.Users, subject.App));
            Assert.True(RuleParser.TryParse(rule, App.Collections.Grammar, out var tree, out var fault, isMany), $"{rule}: {fault}");
            RuleNode[] conditions = [.. RuleTruth.ConditionsOf(tree).Distinct()];
            var truths = await Task.WhenAll(Enumerable.Range(0, App.Users.Count).Select(App.ListAsync));
            var decided = await DecideAsync([.. conditions, tree]);
            foreach (var (user, record) in Cases())
            {
                // A rule that can't be carried out lets nobody in; that it can't is no doubt of ours.
                var truth = truths[user]?.Contains(record) == true;
                var said = RuleTruth.Of(tree, node => decided(user, record, node));
                cases++;
                held += truth ? 1 : 0;
                undecided += said is null && truths[user] is not null ? 1 : 0;
                Compare(truth, said, "the parts", rule, user, record);
                Compare(truth, decided(user, record, tree), "the whole", rule, user, record);
            }

            // The product's own way to the same decisions, for one user and one record.
            var (someone, some) = (random.Next(App.Users.Count), App.Records[random.Next(App.Records.Count)]);
            var judged = await judge.DecideAsync(App.Subject(someone, some, _hasHook), [.. conditions, tree], Caller.Console, Cancellation);
            Compare(truths[someone]?.Contains(some) == true, RuleTruth.Of(tree, node => judged[node].Holds), "the judge", rule, someone, some);
            Assert.All(judged, decision => Assert.Equal(decided(someone, some, decision.Key), decision.Value.Holds));
            Assert.All(judged.Values, decision => Assert.Equal(decision.Holds is null, decision.Undecided is not null));
            Assert.Equal(truths[someone]?.Contains(some) == true, await App.ViewsAsync(someone, some));

            // Each condition is what it is as a rule of its own.
            foreach (var condition in conditions.Where(_ => random.Next(4) == 0))
            {
                Assert.True(await App.TryGuardAsync(condition.Text), condition.Text);
                truths = await Task.WhenAll(Enumerable.Range(0, App.Users.Count).Select(App.ListAsync));
                foreach (var (user, record) in Cases())
                {
                    Compare(truths[user]?.Contains(record) == true, decided(user, record, condition), "a condition", condition.Text, user, record);
                }
            }
        }

        var share = 100.0 * undecided / cases;
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Server.Version} {(_hasHook ? "with" : "without")} hook: {rules} rules, {cases} cases, {100.0 * held / cases:0} % hold, {share:0.0} % undecided"));
        foreach (var (reason, times) in _reasons)
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"{times} × {reason}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong\n{string.Join('\n', wrong.Take(40))}");
        Assert.InRange(cases, 2_000, int.MaxValue);
        Assert.InRange(100.0 * held / cases, 10, 90);
        Assert.InRange(share, 0, _hasHook ? 0 : 30);

        void Compare(bool truth, bool? said, string of, string rule, int user, string record)
        {
            if (said is not null && said != truth)
            {
                wrong.Add($"{of} of {rule}: {said} and not {truth} for {App.Users[user].Id} and {record}");
            }
        }
    }

    private IEnumerable<(int User, string Record)> Cases() => from user in Enumerable.Range(0, App.Users.Count) from record in App.Records select (user, record);

    private async Task<Func<int, string, RuleNode, bool?>> DecideAsync(RuleNode[] nodes) => _hasHook ? await ByHookAsync(nodes) : await ByFiltersAsync(nodes);

    // As the judge asks the hook, but for all users of a collection and all records at once.
    private async Task<Func<int, string, RuleNode, bool?>> ByHookAsync(RuleNode[] nodes)
    {
        Dictionary<(int, string, RuleNode), bool?> decided = [];
        foreach (var users in App.Users.Select((user, i) => (user.Id, Index: i)).GroupBy(user => user.Id.Collection))
        {
            foreach (var some in nodes.Distinct().Chunk(CompanionHook.MostDecisions / users.Count() / App.Records.Count))
            {
                var answer = await Console.Companion.DecideAsync(
                    SuperuserUse.Explain, Caller.Console, (users.Key, [.. users.Select(user => user.Id.Record)]), (RuleApp.Works, App.Records),
                    [.. some.Select(node => node.Text)], Cancellation);
                Assert.NotNull(answer);
                foreach (var (user, u) in users.Select((user, u) => (user, u)))
                {
                    for (var r = 0; r < App.Records.Count; r++)
                    {
                        for (var n = 0; n < some.Length; n++)
                        {
                            decided[(user.Index, App.Records[r], some[n])] = answer.Of(u, r, n);
                        }
                    }
                }
            }
        }

        return (user, record, node) => nodes.All(other => decided[(user, record, other)] is not null) ? decided[(user, record, node)] : null;
    }

    // As the judge asks by filters, but for all records at once.
    private async Task<Func<int, string, RuleNode, bool?>> ByFiltersAsync(RuleNode[] nodes)
    {
        Dictionary<(int, RuleNode), IReadOnlySet<string>?> found = [];
        HashSet<int> refused = [];
        foreach (var node in nodes.Distinct())
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, App.Users.Count).Select(async user =>
            {
                var subject = App.Subject(user, "", false);
                if (RulePath.IsBroken(node, subject.Users, subject.App))
                {
                    return (true, null);
                }

                if (!new RuleFilter(subject.User, subject.Self, subject.Users, subject.Records, subject.App).TryWrite(node, out var filter, out var undecided))
                {
                    _reasons.AddOrUpdate(undecided, 1, (_, times) => times + 1);
                    return (false, null);
                }

                return (true, await App.FindAsync(filter));
            }));
            foreach (var (user, (isAsked, answer)) in answers.Select((answer, user) => (user, answer)))
            {
                found[(user, node)] = answer;
                if (isAsked && answer is null)
                {
                    refused.Add(user);
                }
            }
        }

        return (user, record, node) => refused.Contains(user) ? null : found[(user, node)]?.Contains(record);
    }
}

/// <inheritdoc />
public sealed class RuleTrials0391Tests(PocketBaseServer.Pinned server) : RuleTrials(server), IClassFixture<PocketBaseServer.Pinned>;

/// <inheritdoc />
public sealed class RuleTrials0368Tests(PocketBaseServer.Oldest server) : RuleTrials(server), IClassFixture<PocketBaseServer.Oldest>;

/// <inheritdoc />
public sealed class RuleTrials0404Tests(PocketBaseServer.Newest server) : RuleTrials(server), IClassFixture<PocketBaseServer.Newest>;

/// <inheritdoc />
public sealed class GuardedRuleTrials0391Tests(GuardedServer.Pinned server) : RuleTrials(server), IClassFixture<GuardedServer.Pinned>;

/// <inheritdoc />
public sealed class GuardedRuleTrials0368Tests(GuardedServer.Oldest server) : RuleTrials(server), IClassFixture<GuardedServer.Oldest>;

/// <inheritdoc />
public sealed class GuardedRuleTrials0404Tests(GuardedServer.Newest server) : RuleTrials(server), IClassFixture<GuardedServer.Newest>;
