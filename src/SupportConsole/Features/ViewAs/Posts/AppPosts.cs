using Microsoft.Extensions.Options;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Posts;

/// <summary>Learns from PocketBase which collection the app's posts are, and how it is built now.</summary>
internal sealed class AppPosts(SuperuserRequests requests, SuperuserClient superuser, IOptions<PostsOptions> options)
{
    /// <summary>What is said where <see cref="LearnAsync"/> finds nothing.</summary>
    public string Missing =>
        $"{PostsOptions.SectionName}:Collection is '{options.Value.Collection}', which PocketBase doesn't have. Name the collection of the app's posts and start again.";

    /// <summary>The collection of the app's posts, with what authors are called; null when PocketBase has no such collection.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<PostsCollection?> LearnAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (await TryReadAsync(options.Value.Collection) is not { } schema || schema.System)
        {
            return null;
        }

        var posts = PostsCollection.Of(schema, options.Value) with { Grammar = await superuser.GrammarAsync(cancellationToken) };
        return posts.Author is { Type: "relation", CollectionId: { Length: > 0 } related } && await TryReadAsync(related) is { } authors
            ? posts with { AuthorNaming = UserCollection.NamingOf(authors) }
            : posts;

        Task<CollectionSchema?> TryReadAsync(string nameOrId) => requests.FindCollectionAsync(SuperuserUse.ReadSchema, caller, nameOrId, cancellationToken);
    }
}
