using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Posts;

/// <summary>
/// The collection of the app's posts as PocketBase describes it: which of its fields is the title, the body and so on, and in which
/// order it can be paged through without losing or repeating a record.
/// </summary>
internal sealed record PostsCollection(CollectionSchema Schema)
{
    // Spelled without case and underscores; the words that public apps use.
    private static readonly string[] s_bodies = ["body", "content", "text", "description", "message", "details", "note", "notes", "comment", "summary", "bio", "descricao", "descripcion", "beschreibung", "conteudo", "contenido"];
    private static readonly string[] s_authors = ["author", "user", "owner", "creator", "createdby", "userid", "authorid", "ownerid", "member", "profile", "customer", "autor", "usuario", "criadopor"];
    private static readonly string[] s_states = ["status", "state"];

    private static readonly PostsOptions s_usual = new();

    /// <summary>The collection's name in PocketBase's own spelling.</summary>
    public string Name => Schema.Name;

    /// <summary>The title's field; null when no field could be one.</summary>
    public string? Title { get; private init; }

    /// <summary>The body's field, whose type says what it holds; null when no field could be one.</summary>
    public CollectionField? Body { get; private init; }

    /// <summary>The field of who made the record; null when there is none.</summary>
    public CollectionField? Author { get; private init; }

    /// <summary>The field of the record's state; null when there is none.</summary>
    public string? Status { get; private init; }

    /// <summary>The field of when the record was made; null when the app keeps no time, or not for users to see.</summary>
    public string? Created { get; init; }

    /// <summary>The fields that hold files.</summary>
    public IReadOnlyList<string> Attachments { get; private init; } = [];

    /// <summary>What of the settings doesn't fit, in sentences; empty when all does.</summary>
    public IReadOnlyList<string> Misfits { get; private init; } = [];

    /// <summary>How authors are called.</summary>
    public UserNaming AuthorNaming { get; init; } = UserNaming.For([]);

    /// <summary>How the server read filters when the collection was learnt.</summary>
    public FilterGrammar Grammar { get; init; }

    /// <summary>The order of the list.</summary>
    public RecordOrder Order => new(Schema, Created, Grammar);

    /// <summary>Fits the settings to the collection.</summary>
    public static PostsCollection Of(CollectionSchema schema, PostsOptions options)
    {
        List<string> misfits = [];
        var visible = schema.Fields.Where(field => !field.Hidden && field.Name != "id").ToArray();
        var body = Named(nameof(options.Body), options.Body, s_usual.Body)
            ?? ByWord(s_bodies, "editor") ?? ByWord(s_bodies, "text") ?? ByWord(s_bodies, "json") ?? visible.FirstOrDefault(field => field.Type == "editor");
        var texts = visible.Where(field => field.Type is "text" or "email" or "url" && field != body).ToArray();
        var author = Named(nameof(options.Author), options.Author, s_usual.Author) ?? ByWord(s_authors, "relation");
        var status = Named(nameof(options.Status), options.Status, s_usual.Status) ?? ByWord(s_states, "select") ?? ByWord(s_states, "text");
        var title = Named(nameof(options.Title), options.Title, s_usual.Title)
            ?? RecordNaming.TitlesAmong(texts).FirstOrDefault()
            ?? texts.FirstOrDefault(field => field.Presentable)
            ?? RecordNaming.FirstAmong(texts.Where(field => field != author && field != status));
        var created = Named(nameof(options.Created), options.Created, s_usual.Created);
        if (created is { Type: not ("autodate" or "date") })
        {
            misfits.Add($"PocketBase:Posts:Created is '{created.Name}', which holds no time. Name a date field, or leave the setting out.");
            created = null;
        }

        if (created is not null && !PocketBaseFilter.TakesName(created.Name))
        {
            misfits.Add($"PocketBase:Posts:Created is '{created.Name}', which PocketBase can't compare: the name begins with a digit. Name another date field, or leave the setting out.");
            created = null;
        }

        return new PostsCollection(schema)
        {
            Title = title?.Name,
            Body = body,
            Author = author,
            Status = status?.Name,
            Created = created?.Name ?? schema.CreatedField,
            Attachments = Named(nameof(options.Attachments), options.Attachments, s_usual.Attachments) is { } files
                ? [files.Name]
                : [.. visible.Where(field => field.Type == "file").Select(field => field.Name)],
            Misfits = misfits,
        };

        CollectionField? Named(string key, string name, string usual)
        {
            var found = schema.Fields.FirstOrDefault(field => field.Name == name)
                ?? schema.Fields.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (found is { Hidden: false })
            {
                return found;
            }

            // A name that nobody chose needn't be there.
            if (name != usual)
            {
                misfits.Add(found is null
                    ? $"PocketBase:Posts:{key} is '{name}', which the collection '{schema.Name}' doesn't have. Name one of its fields, or leave the setting out."
                    : $"PocketBase:Posts:{key} is '{name}', which users don't see: it is hidden in the collection '{schema.Name}'. Name another field, or leave the setting out.");
            }

            return null;
        }

        CollectionField? ByWord(string[] words, string type) =>
            words.Select(word => visible.FirstOrDefault(field => field.Type == type && RecordNaming.Is(field, word))).FirstOrDefault(field => field is not null);
    }
}
