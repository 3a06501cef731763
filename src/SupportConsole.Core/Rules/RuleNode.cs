namespace SupportConsole.Core.Rules;

/// <summary>A rule of PocketBase's, or a part of one.</summary>
/// <param name="Text">A rule that says this part alone, without comments; it can be asked of the server by itself.</param>
public abstract record RuleNode(string Text)
{
    /// <summary>The comparisons in it, in their order.</summary>
    public abstract IEnumerable<RuleClause> Clauses { get; }

    /// <summary>Whether what it says depends on the request, which nobody can know beforehand.</summary>
    public bool LooksAtRequest => Clauses.Any(clause => clause.Left.LooksAtRequest || clause.Right.LooksAtRequest);

    /// <summary>This part and all within it, outside first.</summary>
    public abstract IEnumerable<RuleNode> All { get; }
}

/// <summary>One comparison.</summary>
/// <param name="Left">What is compared.</param>
/// <param name="Operator">How, as it is written.</param>
/// <param name="Right">With what.</param>
public sealed record RuleClause(RuleOperand Left, string Operator, RuleOperand Right) : RuleNode($"{Left.Text} {Operator} {Right.Text}")
{
    /// <summary>Whether one of several values is enough (<c>?=</c>), instead of each.</summary>
    public bool IsAny => Operator[0] == '?';

    /// <summary>The operator without the mark for one of several.</summary>
    public string Comparison => IsAny ? Operator[1..] : Operator;

    /// <summary>Both sides.</summary>
    public IEnumerable<RuleOperand> Operands => [Left, Right];

    /// <inheritdoc />
    public override IEnumerable<RuleClause> Clauses => [this];

    /// <inheritdoc />
    public override IEnumerable<RuleNode> All => [this];

    /// <summary>Two are the same that say the same.</summary>
    public bool Equals(RuleClause? other) => other?.Text == Text;

    /// <inheritdoc />
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}

/// <summary>Several parts, joined.</summary>
/// <param name="Join">How.</param>
/// <param name="Parts">At least two.</param>
/// <param name="IsLinked">
/// Whether the parts ask for one and the same related row: each may hold for some row, and all together still for none. Such a group is one
/// condition, and what its parts say alone only helps to understand it.
/// </param>
public sealed record RuleGroup(RuleJoin Join, IReadOnlyList<RuleNode> Parts, bool IsLinked = false)
    : RuleNode($"({string.Join(Join == RuleJoin.And ? " && " : " || ", Parts.Select(part => part.Text))})")
{
    /// <inheritdoc />
    public override IEnumerable<RuleClause> Clauses => Parts.SelectMany(part => part.Clauses);

    /// <inheritdoc />
    public override IEnumerable<RuleNode> All => [this, .. Parts.SelectMany(part => part.All)];

    /// <summary>Two are the same that say the same.</summary>
    public bool Equals(RuleGroup? other) => other?.Text == Text;

    /// <inheritdoc />
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
