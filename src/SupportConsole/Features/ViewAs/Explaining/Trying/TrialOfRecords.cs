namespace SupportConsole.Features.ViewAs.Explaining.Trying;

/// <summary>What another rule would change for the viewed user, as far as it has been tried.</summary>
/// <param name="Compared">How many records both rules have been decided for.</param>
/// <param name="Appear">How many of them the user would see then, and doesn't now.</param>
/// <param name="AppearIds">The ids of the first of these.</param>
/// <param name="Disappear">How many the user sees now, and wouldn't then.</param>
/// <param name="DisappearIds">The ids of the first of these.</param>
/// <param name="Undecided">How many stay undecided, because a rule looks at the request.</param>
/// <param name="IsOver">Whether no more are tried.</param>
/// <param name="IsSampled">Whether there are more records, which weren't tried.</param>
internal sealed record TrialOfRecords(
    int Compared, int Appear, IReadOnlyList<string> AppearIds, int Disappear, IReadOnlyList<string> DisappearIds, int Undecided, bool IsOver, bool IsSampled)
{
    /// <summary>How many ids of a kind are named.</summary>
    public const int Named = 200;
}
