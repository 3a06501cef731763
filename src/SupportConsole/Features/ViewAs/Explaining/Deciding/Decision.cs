namespace SupportConsole.Features.ViewAs.Explaining.Deciding;

/// <summary>What PocketBase said of a condition, for one user and one record.</summary>
/// <param name="Holds">Whether it holds; null for undecided.</param>
/// <param name="Undecided">Why it is undecided; null where it isn't.</param>
public sealed record Decision(bool? Holds, string? Undecided = null)
{
    /// <summary>Of what reads headers, query or body: nobody knows what the app's own request holds.</summary>
    public const string LooksAtRequest = "it looks at the request";
}
