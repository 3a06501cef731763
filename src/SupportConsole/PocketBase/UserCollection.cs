using SupportConsole.Core.Users;

namespace SupportConsole.PocketBase;

/// <summary>An auth collection whose users may be searched and viewed as, as PocketBase describes it now.</summary>
internal sealed record UserCollection(CollectionSchema Schema, IReadOnlyList<CollectionField> Searched, UserNaming Naming)
{
    // What is shown of a text that may be long.
    private const int Excerpt = 200;

    /// <summary>The name in PocketBase's own spelling.</summary>
    public string Name => Schema.Name;

    /// <summary>Newest first where the app keeps that; otherwise in the order in which they were made.</summary>
    public string Sort => Schema.CreatedField is { } created ? $"-{created},id" : "-@rowid";

    /// <summary>
    /// What the console takes of a user's record, as a list for PocketBase, and no more: an app may keep megabytes of settings in it, or what
    /// only superusers see.
    /// </summary>
    public string Shown => string.Join(',', new[] { "id", "email", "verified", "updated", Schema.CreatedField }.OfType<string>()
        .Concat(Searched.Select(one => one.Type == "editor" || !one.IsShort ? $"{one.Name}:excerpt({Excerpt})" : one.Name)).Distinct());

    /// <summary>Learns a collection: all of its visible text and e-mail fields, or those that an administrator named.</summary>
    /// <param name="schema">The collection.</param>
    /// <param name="configured">The setting <c>PocketBase:UserFields</c>; empty to ask the schema.</param>
    public static UserCollection Of(CollectionSchema schema, IEnumerable<string> configured)
    {
        CollectionField[] named =
        [
            .. configured.Select(name => schema.Fields.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                .OfType<CollectionField>().Where(IsSearchable).Distinct(),
        ];
        var fields = named.Length > 0 ? named : [.. schema.Fields.Where(field => IsNaming(field))];
        var naming = fields.Select(AsNaming).ToArray();
        var names = named.Length > 0 ? UserNaming.InOrder(naming) : UserNaming.For(naming);

        // What names somebody comes first: should a filter grow too long for all fields, those are kept.
        var rank = names.Ways.SelectMany(way => way).ToList();
        return new UserCollection(schema, [.. fields.OrderBy(field => field.Type == "email" ? -1 : rank.IndexOf(field.Name) is >= 0 and var at ? at : int.MaxValue)], names);
    }

    /// <summary>What users see of a collection's fields that can name a record, such as the author of a post.</summary>
    public static UserNaming NamingOf(CollectionSchema schema) =>
        UserNaming.For([.. schema.Fields.Where(field => IsNaming(field)).Select(AsNaming)]);

    /// <summary>What the console shows of a user before a session.</summary>
    public UserSummary ToSummary(AppUserId id, PocketBaseRecord record, Protection protection) => new(
        id,
        Naming.NameOf(record.Text) is { Length: > 0 } name ? name : id.Record,
        record.Text("email"),
        record.Flag("verified"),
        protection,
        Schema.CreatedField is { } created ? record.Moment(created) : null);

    private static NamingField AsNaming(CollectionField field) => new(field.Name, field.Type == "email", field.Presentable);

    private static bool IsNaming(CollectionField field) => !field.Hidden && field.Type is ("text" or "email") && IsSearchable(field);

    // Keys and passwords are never searched, whatever a setting says.
    private static bool IsSearchable(CollectionField field) =>
        field.Name is not ("id" or "tokenKey") && PocketBaseFilter.TakesName(field.Name) && field.Type is ("text" or "email" or "url" or "number" or "select" or "editor");
}
