using Microsoft.AspNetCore.WebUtilities;

namespace SupportConsole.Features.ViewAs.Files;

/// <summary>A file of a record, by the name that the record gives it.</summary>
/// <param name="Collection">The record's collection.</param>
/// <param name="Record">The record's id.</param>
/// <param name="Name">The file's name.</param>
internal sealed record FilePlace(string Collection, string Record, string Name)
{
    /// <summary>The size of a picture in a list, as PocketBase's own dashboard asks for it: every server makes it, whatever the field says.</summary>
    public const string Thumbnail = "100x100";

    // Of these PocketBase makes thumbnails.
    private static readonly string[] s_pictures = [".png", ".jpg", ".jpeg", ".gif", ".webp"];

    /// <summary>Whether the name is a picture's. What the file is, only its bytes say.</summary>
    public static bool MayBePicture(string name) => s_pictures.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    /// <summary>The file's address in a session. All of it is in the query: a view's ids and a hook's names hold anything.</summary>
    public string ToAddress(string sessionId) => QueryHelpers.AddQueryString(
        $"sessions/{sessionId}/file", new Dictionary<string, string?> { ["collection"] = Collection, ["record"] = Record, ["name"] = Name });
}
