namespace SupportConsole.Features.ViewAs.Posts;

/// <summary>A post in the list, as the user sees it.</summary>
/// <param name="Id">Its id, of whatever form.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Author">Who made it, in words; empty where the app doesn't say.</param>
/// <param name="Status">Its state in the app's own word; may be empty.</param>
/// <param name="Created">When it was made; null where the app keeps no time, or not for users to see.</param>
/// <param name="Excerpt">How its body begins; may be empty.</param>
/// <param name="Attachments">How many files it has.</param>
internal sealed record PostSummary(
    string Id, string Title, string Author, string Status, DateTimeOffset? Created, string Excerpt, int Attachments);
