using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining.Deciding;

/// <summary>
/// Has conditions decided by the real server, and never by a likeness of its language: by the companion hook where there is one, which is exact
/// and one request; else by a superuser's filters on that one record, as far as they say the same.
/// </summary>
internal sealed class RuleJudge(CompanionHook hook, SuperuserRequests requests)
{
    private const string NotRead = "PocketBase can't read it";
    private const string NotCarriedOut = "PocketBase can't carry the rule out for this user, because of another part of it";
    private const string TooLong = "it is too long for a filter, so that only PocketBase's companion hook can decide it";

    // What PocketBase gets to do at the same time.
    private const int AtOnce = 4;

    /// <summary>Decides conditions for one user and one record.</summary>
    /// <param name="subject">Who asks for what.</param>
    /// <param name="nodes">What is decided: all conditions of a rule, since one that can't be carried out lets the others count for nothing.</param>
    /// <param name="caller">On whose behalf.</param>
    /// <param name="cancellation">Cancelled when nobody waits for it any more.</param>
    /// <returns>A decision for each.</returns>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<IReadOnlyDictionary<RuleNode, Decision>> DecideAsync(
        RuleSubject subject, IEnumerable<RuleNode> nodes, Caller caller, CancellationToken cancellation)
    {
        RuleNode[] asked = [.. nodes.Distinct().Where(node => !node.LooksAtRequest)];
        var decided = nodes.Distinct().Where(node => node.LooksAtRequest).ToDictionary(node => node, _ => new Decision(null, Decision.LooksAtRequest));
        var answers = asked.Length == 0 ? [] : await ByHookAsync(subject, asked, caller, cancellation) ?? await ByFiltersAsync(subject, asked, caller, cancellation);
        foreach (var (node, answer) in asked.Zip(answers))
        {
            decided[node] = answer;
        }

        foreach (var node in decided.Keys.Where(node => RulePath.IsBroken(node, subject.Users, subject.App)))
        {
            decided[node] = new Decision(null, NotRead);
        }

        // PocketBase carries out a rule whole or not at all: of one that it can't read in part, nothing is known from the rest.
        return decided.Values.All(decision => decision.Undecided != NotRead)
            ? decided
            : decided.ToDictionary(pair => pair.Key, pair => pair.Value.Holds is null ? pair.Value : new Decision(null, NotCarriedOut));
    }

    private async Task<Decision[]?> ByHookAsync(RuleSubject subject, RuleNode[] nodes, Caller caller, CancellationToken cancellation)
    {
        if (!subject.HasHook)
        {
            return null;
        }

        List<Decision> all = [];
        foreach (var part in nodes.Chunk(CompanionHook.MostDecisions))
        {
            var answer = await hook.DecideAsync(
                SuperuserUse.Explain, caller, (subject.User.Collection, [subject.User.Record]), (subject.Records.Name, [subject.Id]),
                [.. part.Select(node => node.Text)], cancellation);
            if (answer is null)
            {
                return null;
            }

            all.AddRange(part.Select((_, i) => answer.Of(0, 0, i) is { } holds ? new Decision(holds) : new Decision(null, NotRead)));
        }

        return [.. all];
    }

    private async Task<Decision[]> ByFiltersAsync(RuleSubject subject, RuleNode[] nodes, Caller caller, CancellationToken cancellation)
    {
        var filter = new RuleFilter(subject.User, subject.Self, subject.Users, subject.Records, subject.App);
        var literal = PocketBaseFilter.Literal(subject.App.Grammar, subject.Id);
        var answers = new Decision[nodes.Length];
        await Parallel.ForAsync(0, nodes.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (i, token) =>
        {
            answers[i] = filter.TryWrite(nodes[i], out var condition, out var undecided)
                ? await AskAsync($"id = {literal} && ({condition})", token)
                : new Decision(null, undecided);
        });
        return answers;

        async Task<Decision> AskAsync(string question, CancellationToken token)
        {
            if (!SuperuserRequests.Fits(question))
            {
                return new Decision(null, TooLong);
            }

            try
            {
                var found = await requests.ListAsync(SuperuserUse.Explain, caller, subject.Records.Name, question, 1, 1, null, "id", token);
                return new Decision(found.Items.Count > 0);
            }
            catch (PocketBaseProblem problem) when (problem.Kind is PocketBaseProblemKind.Refused)
            {
                return new Decision(null, NotRead);
            }
        }
    }
}
