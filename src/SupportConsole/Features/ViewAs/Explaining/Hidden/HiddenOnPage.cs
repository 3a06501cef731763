namespace SupportConsole.Features.ViewAs.Explaining.Hidden;

/// <summary>What a page of a collection holds that the user can't see.</summary>
/// <param name="Ids">The ids of the hidden records, in the page's order.</param>
/// <param name="Of">How many records the page holds for a superuser.</param>
internal sealed record HiddenOnPage(IReadOnlyList<string> Ids, int Of);
