namespace SupportConsole.Core.Rules;

/// <summary>How parts of a rule are joined.</summary>
public enum RuleJoin
{
    /// <summary>All of them.</summary>
    And,

    /// <summary>At least one.</summary>
    Or,
}
