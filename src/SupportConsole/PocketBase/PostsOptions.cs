namespace SupportConsole.PocketBase;

/// <summary>
/// Which collection holds the app's posts, and which of its fields mean what (section <c>PocketBase:Posts</c>). Where a collection has
/// no field of a default's name, a fitting one is looked for in it.
/// </summary>
internal sealed class PostsOptions
{
    public string Collection { get; set; } = "posts";

    public string Title { get; set; } = "title";

    public string Body { get; set; } = "body";

    public string Author { get; set; } = "author";

    public string Status { get; set; } = "status";

    public string Created { get; set; } = "created";

    public string Attachments { get; set; } = "attachments";
}
