namespace SupportConsole.Features.ViewAs.Records;

/// <summary>Another record that a record points to, or that points to it.</summary>
/// <param name="Collection">Its collection, in PocketBase's own spelling.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is called; null where this user's answer doesn't hold it: hidden from the user, or gone.</param>
public sealed record RecordLink(string Collection, string Id, string? Name);
