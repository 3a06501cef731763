namespace SupportConsole.Features.ViewAs.Explaining.Deciding;

/// <summary>What becomes of a path that starts at the user.</summary>
internal enum RulePathFate
{
    /// <summary>It leads to a field.</summary>
    Found,

    /// <summary>The user's collection doesn't have what it names: to a rule that is <c>null</c>.</summary>
    Missing,

    /// <summary>It goes on from a field that leads nowhere: no rule with it can be carried out.</summary>
    Broken,
}
