namespace SupportConsole.Core.Rules;

/// <summary>One side of a comparison.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As it is written.</param>
/// <param name="Path">
/// The names on the way to the value, without the modifier; of <c>@request.auth.team.name</c> <c>team</c> and <c>name</c>, of
/// <c>@collection.members:m.user</c> <c>members:m</c> and <c>user</c>. Empty for what is no field.
/// </param>
/// <param name="Modifier">What follows the last name after a colon (<c>each</c>, <c>length</c>, <c>lower</c>, <c>isset</c>, <c>changed</c>); empty for none.</param>
/// <param name="Value">The text itself, of a quoted one.</param>
/// <param name="Arguments">Of a function: what it is given.</param>
public sealed record RuleOperand(
    RuleOperandKind Kind, string Text, IReadOnlyList<string> Path, string Modifier = "", string? Value = null, IReadOnlyList<RuleOperand>? Arguments = null)
{
    /// <summary>Whether what it says depends on the request, which nobody can know beforehand.</summary>
    public bool LooksAtRequest => All.Any(operand => operand.Kind == RuleOperandKind.Request);

    /// <summary>
    /// What joins related rows to the question, as far as the path tells: a collection once by its name, in whatever spelling, or by its alias, and
    /// everything else by the first name (measured, 0.36.8 to 0.40.4).
    /// </summary>
    public string Way => Kind switch
    {
        RuleOperandKind.Collection => Path[0].IndexOf(':', StringComparison.Ordinal) is >= 0 and var alias
            ? "@collection" + Path[0][alias..].ToUpperInvariant()
            : "@collection." + Path[0].ToUpperInvariant(),
        RuleOperandKind.Auth when Joins > 0 => "@request.auth." + Path[0],
        RuleOperandKind.Field when Joins > 0 => Path[0],
        _ => "",
    };

    /// <summary>How often the path goes on to other rows, as far as it tells.</summary>
    public int Joins => (Path.Count > 0 ? Path.Count - 1 : 0) + (Modifier == "each" ? 1 : 0);

    /// <summary>This one, and what a function is given.</summary>
    public IEnumerable<RuleOperand> All => [this, .. (Arguments ?? []).SelectMany(argument => argument.All)];
}
