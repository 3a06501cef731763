using Microsoft.Extensions.Options;
using SupportConsole.Core.Users;

namespace SupportConsole.Features.ViewAs.Posts;

/// <summary>
/// Which collection holds the app's posts, and which of its fields mean what. Where a collection has no field of a default's name, a
/// fitting one is looked for in it.
/// </summary>
internal sealed class PostsOptions
{
    /// <summary>The section's name: what the app's PocketBase is like, told beside where it is.</summary>
    public const string SectionName = "PocketBase:Posts";

    public string Collection { get; set; } = "posts";

    public string Title { get; set; } = "title";

    public string Body { get; set; } = "body";

    public string Author { get; set; } = "author";

    public string Status { get; set; } = "status";

    public string Created { get; set; } = "created";

    public string Attachments { get; set; } = "attachments";
}

/// <summary>Names reach PocketBase's filters and addresses, so each has a name's form; whether the collection has them is learnt when it is asked.</summary>
internal sealed class PostsOptionsRules : IValidateOptions<PostsOptions>
{
    public ValidateOptionsResult Validate(string? name, PostsOptions options)
    {
        (string Key, string Value)[] names =
        [
            (nameof(options.Collection), options.Collection), (nameof(options.Title), options.Title), (nameof(options.Body), options.Body),
            (nameof(options.Author), options.Author), (nameof(options.Status), options.Status), (nameof(options.Created), options.Created),
            (nameof(options.Attachments), options.Attachments),
        ];
        var failures = names.Where(one => !PocketBaseName.IsValid(one.Value))
            .Select(one => $"{PostsOptions.SectionName}:{one.Key} is '{one.Value}': set it to a name made of letters, digits, '_' and '-'.").ToArray();
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
