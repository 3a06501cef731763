using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;

namespace SupportConsole.Features.ViewAs.Explaining.Deciding;

/// <summary>
/// What is asked of PocketBase to decide a rule for many users or records: the rule itself, or its conditions one by one where some of them look at
/// the request and only the others can be decided.
/// </summary>
internal sealed class RuleAsked
{
    // What the request alone says; to a rule that can't be taken apart it makes all undecided.
    private static readonly string[] s_requests = ["@request.headers", "@request.query", "@request.body", "@request.data"];

    private readonly Func<Func<string, bool?>, bool?> _of;

    private RuleAsked(IReadOnlyList<string> clauses, Func<Func<string, bool?>, bool?> of) => (Clauses, _of) = (clauses, of);

    /// <summary>What is asked; nothing where the rule says the same of everybody.</summary>
    public IReadOnlyList<string> Clauses { get; }

    /// <summary>What the rule comes to; null where that stays undecided.</summary>
    /// <param name="decided">What one of <see cref="Clauses"/> comes to.</param>
    public bool? Of(Func<string, bool?> decided) => _of(decided);

    /// <summary>A rule, or a condition of one.</summary>
    /// <param name="rule">As PocketBase keeps it; null for superusers only, empty for everybody.</param>
    /// <param name="grammar">How the server reads filters.</param>
    public static RuleAsked For(string? rule, FilterGrammar grammar)
    {
        if (string.IsNullOrEmpty(rule))
        {
            return new RuleAsked([], _ => rule is not null);
        }

        if (!RuleParser.TryParse(rule, grammar, out var tree, out _))
        {
            return s_requests.Any(word => rule.Contains(word, StringComparison.OrdinalIgnoreCase)) ? new RuleAsked([], _ => null) : Whole();
        }

        if (!tree.LooksAtRequest)
        {
            return Whole();
        }

        string[] decidable = [.. RuleTruth.ConditionsOf(tree).Where(condition => !condition.LooksAtRequest).Select(condition => condition.Text).Distinct()];
        return new RuleAsked(decidable, decided => RuleTruth.Of(tree, condition => condition.LooksAtRequest ? null : decided(condition.Text)));

        RuleAsked Whole() => new([rule], decided => decided(rule));
    }
}
