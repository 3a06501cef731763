using System.Runtime.CompilerServices;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Rules;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using static SupportConsole.Core.Numbers;

namespace SupportConsole.Features.ViewAs.Explaining.Trying;

/// <summary>Whether a user is the only one: for how many users of the same collection a rule, or one condition of it, doesn't hold for a record.</summary>
internal sealed class AffectedUsers(AccessQuestions questions, RuleDecider decider)
{
    // A part is recorded before it is shown, which takes as long for a page of users as for several.
    private const int LargestPart = 8;

    /// <summary>Counts, user by user in the order of ids.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="sessionId">Through which session.</param>
    /// <param name="collection">The record's collection.</param>
    /// <param name="record">The record's id.</param>
    /// <param name="rule">Which rule.</param>
    /// <param name="condition">The text of one of its parts; null for the whole rule.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="AccessUnansweredException">It can't be answered.</exception>
    public async IAsyncEnumerable<AffectedSoFar> CountAsync(
        CurrentStaff who, string sessionId, string collection, string record, ReadRule rule, string? condition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var soFar = new AffectedSoFar(0, 0, null, 0, null, 0, false);
        string? after = null;
        for (var pages = 1; !soFar.IsOver; pages = Math.Min(2 * pages, LargestPart))
        {
            var question = await questions.BeginAsync(who, sessionId, collection, cancellationToken);
            soFar = await questions.AskAsync(
                question,
                AuditEventTypes.AccessAffectedCounted,
                new AuditTarget(question.Known.Name) { RecordIds = [record] },
                async (_, token) =>
                {
                    var schema = await questions.DescribeAsync(question, token);
                    var asked = RuleAsked.For(PartOf(question, ReadRules.Of(schema, rule), condition), question.Live.Collections.Grammar);
                    await questions.DemandRecordAsync(question, schema, record, token);
                    var next = soFar;
                    for (var page = 0; page < pages && !next.IsOver; page++)
                    {
                        var length = RuleDecider.MostAtOnce([asked]);
                        var users = await questions.IdsAsync(question, question.Live.Session.User.Collection, "", after, length, token);
                        foreach (var decision in await decider.DecideAsync(question, users, [record], [asked], token)
                            ?? throw AccessUnansweredException.NeedsCompanion("A rule is decided for other users only by PocketBase itself."))
                        {
                            next = Add(next, decision);
                        }

                        after = users is [.., var last] ? last : after;
                        next = next with { IsOver = users.Count < length };
                    }

                    return next;
                },
                (entry, affected) => entry with
                {
                    Detail = $"{(condition is null ? "" : "a condition of the ")}{ReadRules.InWords(rule)}, {Number(affected.Asked)} users{(affected.IsOver ? "" : " so far")}: doesn't hold for {Number(affected.Fails)}, holds for {Number(affected.Holds)}",
                },
                cancellationToken);
            yield return soFar;
        }
    }

    private static AffectedSoFar Add(AffectedSoFar soFar, RuleDecision decision) => decision.Holds[0] switch
    {
        true => soFar with { Holds = soFar.Holds + 1, HoldsFor = soFar.HoldsFor ?? decision.User },
        false => soFar with { Fails = soFar.Fails + 1, FailsFor = soFar.FailsFor ?? decision.User },
        null => soFar with { Undecided = soFar.Undecided + 1 },
    } with { Asked = soFar.Asked + 1 };

    // A condition is asked for by its words, and only one that the rule has: any other would be a question about anything.
    private static string? PartOf(AccessQuestion question, string? rule, string? condition)
    {
        if (condition is null)
        {
            return rule;
        }

        return RuleParser.TryParse(rule ?? "", question.Live.Collections.Grammar, out var tree, out _) && tree.All.FirstOrDefault(part => part.Text == condition) is { } found
            ? found.LooksAtRequest && RuleTruth.ConditionsOf(found).All(part => part.LooksAtRequest) ? throw AccessUnansweredException.LooksAtRequest() : found.Text
            : throw AccessUnansweredException.NotInRule(question.Known.Name);
    }
}
