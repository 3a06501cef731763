using SupportConsole.Features.ViewAs.Explaining.Hidden;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining.Deciding;

/// <summary>Has the companion hook decide rules for users and records of one question, and says in sentences where it can't.</summary>
internal sealed class RuleDecider(CompanionHook hook)
{
    /// <summary>Decides rules for each user and each record.</summary>
    /// <param name="question">Who asks.</param>
    /// <param name="users">The users' ids; of the viewed user's collection.</param>
    /// <param name="records">The records' ids; of the question's collection.</param>
    /// <param name="rules">What is decided.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <returns>
    /// What each rule comes to for those users and records that are still there, null for undecided; null altogether where PocketBase has no companion hook that could tell.
    /// </returns>
    /// <exception cref="AccessUnansweredException">PocketBase can't read one of the rules.</exception>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<IReadOnlyList<RuleDecision>?> DecideAsync(
        AccessQuestion question, IReadOnlyList<string> users, IReadOnlyList<string> records, IReadOnlyList<RuleAsked> rules, CancellationToken cancellationToken)
    {
        string[] clauses = [.. rules.SelectMany(rule => rule.Clauses).Distinct()];
        CompanionDecisions? answer = null;
        if (clauses.Length > 0 && users.Count > 0 && records.Count > 0)
        {
            answer = await hook.DecideAsync(
                SuperuserUse.Explain, question.Caller, (question.Live.Session.User.Collection, users), (question.Known.Name, records), clauses, cancellationToken);
            if (answer is null)
            {
                return null;
            }
        }

        List<RuleDecision> decisions = [];
        for (var user = 0; user < users.Count; user++)
        {
            for (var record = 0; record < records.Count; record++)
            {
                if (answer?.IsThere(user, record) != false)
                {
                    decisions.Add(new RuleDecision(users[user], records[record], [.. rules.Select(rule => rule.Of(clause => Decided(user, record, clause)))]));
                }
            }
        }

        return decisions;

        bool? Decided(int user, int record, string clause) => answer!.Of(user, record, Array.IndexOf(clauses, clause)) ?? throw AccessUnansweredException.NotRead();
    }

    /// <summary>How many users, or records, one request decides rules for: less than a page of ids, so that one more tells whether there are others.</summary>
    public static int MostAtOnce(IEnumerable<RuleAsked> rules) =>
        Math.Clamp(CompanionHook.MostDecisions / Math.Max(1, rules.SelectMany(rule => rule.Clauses).Distinct().Count()), 1, IdComparison.PageLength - 1);
}
