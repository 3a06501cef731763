using SupportConsole.Core.Rules;
using SupportConsole.Features.ViewAs.Explaining.Deciding;

namespace SupportConsole.Features.ViewAs.Explaining;

/// <summary>One of the two ways to a record, the list and the single view: what PocketBase did with the user, and what its rule says.</summary>
/// <param name="Rule">The rule; null for superusers only, empty for everybody.</param>
/// <param name="State">What the user's own read came to.</param>
public sealed record DoorExplanation(string? Rule, DoorState State)
{
    /// <summary>How the rule is built; null where there is nothing to build, or it can't be read.</summary>
    public RuleNode? Tree { get; init; }

    /// <summary>Why the rule can't be read; null where it can.</summary>
    public RuleFault? Fault { get; init; }

    /// <summary>The rule, part by part, outside first.</summary>
    public IReadOnlyList<RuleRow> Rows { get; init; } = [];

    /// <summary>What PocketBase said of each condition.</summary>
    public IReadOnlyDictionary<RuleNode, Decision> Decisions { get; init; } = new Dictionary<RuleNode, Decision>();

    /// <summary>What the rule comes to by its conditions; null where that stays undecided.</summary>
    public bool? Holds => (Rule, Tree) switch
    {
        (null, _) => false,
        (_, { } tree) => RuleTruth.Of(tree, condition => Decisions.GetValueOrDefault(condition)?.Holds),
        (_, null) => Fault is null ? true : null,
    };

    /// <summary>The comparisons that don't hold, each once.</summary>
    public IReadOnlyList<string> Failing => [.. Rows.Where(row => row is { Node: RuleClause, Holds: false }).Select(row => row.Node.Text).Distinct()];

    /// <summary>
    /// Whether the user's own read says otherwise than the rule: then something else decides too, such as a hook of the app, and the read is what counts.
    /// </summary>
    public bool Disagrees => Holds is { } holds && State is DoorState.Open or DoorState.Closed && holds != (State == DoorState.Open);
}
