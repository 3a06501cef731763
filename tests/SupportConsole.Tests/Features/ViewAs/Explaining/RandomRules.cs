using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit.RealApps;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>Rules of an app's own fields, as people might write them and worse; the same ones from the same seed.</summary>
/// <param name="dice">What decides.</param>
/// <param name="app">The app's collections.</param>
/// <param name="users">The collection of those who ask.</param>
/// <param name="samples">What the fields hold, by collection and field.</param>
internal sealed class RandomRules(Dice dice, AppCollections app, CollectionSchema users, ILookup<(string Collection, string Field), string> samples)
{
    private static readonly string[] s_kinds = ["text", "editor", "number", "bool", "url", "date", "autodate", "select", "relation"];

    /// <summary>A rule for a collection.</summary>
    public string For(CollectionSchema records) => Group(records, 2);

    private string Group(CollectionSchema records, int depth)
    {
        var parts = Enumerable.Range(0, 1 + dice.Throw(3)).Select(_ => depth > 0 && dice.OnceIn(3) ? $"({Group(records, depth - 1)})" : Clause(records)).ToArray();
        return string.Concat(parts.SelectMany((part, i) => i == 0 ? [part] : new[] { dice.OnceIn(2) ? " && " : " || ", part }));
    }

    private string Clause(CollectionSchema records)
    {
        if (dice.OnceIn(25))
        {
            return dice.Pick(["@request.auth.id != ''", "@request.auth.id = ''", "@request.headers.x_key = 'k'", "@request.auth.collectionName = 'nobody'", "@request.query.q ~ 'a'"]);
        }

        if (dice.OnceIn(10) && Row(records) is { } row)
        {
            return row;
        }

        for (var attempt = 0; ; attempt++)
        {
            var (path, schema, field, isMany) = Path(records);
            var any = isMany ? dice.OnceIn(4) ? "" : "?" : dice.OnceIn(12) ? "?" : "";
            if (field.Many && !path.EndsWith(".id", StringComparison.Ordinal))
            {
                switch (dice.Throw(4))
                {
                    case 0:
                        return $"{path}:length {any}{dice.Pick([">", "=", "<", ">="])} {dice.Throw(3)}";
                    case 1 when field.Type == "select":
                        return $"{path}:each {(dice.OnceIn(4) ? "" : "?")}{dice.Pick(["=", "!=", "~"])} {Quoted(dice.Pick(field.Choices))}";
                    default:
                        return $"{path} {any}{dice.Pick(["~", "~", "!~"])} {Other(schema, field)}";
                }
            }

            switch (field.Type)
            {
                case "bool":
                    return $"{path} {any}{dice.Pick(["=", "!="])} {dice.Pick(["true", "false"])}";
                case "number":
                    return $"{path} {any}{dice.Pick(["=", "!=", ">", "<", ">=", "<="])} {(dice.OnceIn(5) ? "@request.auth.level" : dice.Throw(9) - 1)}".Replace("@request.auth.level", users.HasField("level") ? "@request.auth.level" : "3", StringComparison.Ordinal);
                case "date" or "autodate":
                    return $"{path} {any}{dice.Pick([">", "<", "!=", ">=", "<="])} {dice.Pick(["@now", "'2023-06-01 00:00:00.000Z'", "''", "@todayStart"])}";
                case "relation":
                    return $"{path} {any}{dice.Pick(["=", "=", "=", "!="])} {Other(schema, field)}";
                case "select":
                    return $"{path} {any}{dice.Pick(["=", "=", "!=", "~"])} {Other(schema, field)}";
                default:
                    if (attempt < 2)
                    {
                        continue;
                    }

                    return dice.OnceIn(6) ? $"{path}:lower {any}= {Quoted(Sample(schema, field).ToLowerInvariant())}" : $"{path} {any}{dice.Pick(["=", "!=", "~", "!~", ">=", "<"])} {Other(schema, field)}";
            }
        }
    }

    // A row of another collection that speaks of the user, by itself or together with something else of it.
    private string? Row(CollectionSchema records)
    {
        var (collection, field) = dice.Pick([.. app.PointingTo(users).Where(from => from.Collection is { IsView: false, System: false } && !from.Field.Many)]);
        var back = collection.Fields.Where(own => own is { Type: "relation", Many: false } && own.CollectionId == records.Id).ToArray();
        var way = back.Length > 0 && dice.OnceIn(2) ? $"{collection.Name}_via_{dice.Pick(back).Name}" : $"@collection.{collection.Name}";
        var more = dice.Pick([.. collection.Fields.Where(own => own.Type is "select" or "bool" or "number" && !own.Many).Select(own => (CollectionField?)own), null]);
        return more switch
        {
            null => $"{way}.{field.Name} {(dice.OnceIn(4) ? "" : "?")}= @request.auth.id",
            { Type: "select" } => $"({way}.{field.Name} ?= @request.auth.id && {way}.{more.Name} ?= {Quoted(dice.Pick(more.Choices))})",
            { Type: "bool" } => $"({way}.{field.Name} ?= @request.auth.id && {way}.{more.Name} ?= true)",
            _ => $"{way}.{more.Name} ?{dice.Pick(["=", ">", "<"])} {dice.Throw(5)}",
        };
    }

    private (string Path, CollectionSchema Schema, CollectionField Field, bool IsMany) Path(CollectionSchema records)
    {
        var auth = dice.OnceIn(3);
        var (schema, path, isMany) = (auth ? users : records, auth ? "@request.auth" : "", false);
        for (var depth = 0; ; depth++)
        {
            var field = dice.Pick([.. schema.Fields.Where(field => s_kinds.Contains(field.Type) && field.Name != "id" && char.IsAsciiLetter(field.Name[0]))]);
            path = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            if (field.Type != "relation" || app.TargetOf(field) is not { IsView: false, System: false } target || (depth > 0 && dice.OnceIn(2)))
            {
                return (path, schema, field, isMany);
            }

            if (dice.OnceIn(3))
            {
                return dice.OnceIn(2) ? ($"{path}.id", schema, field, isMany || field.Many) : (path, schema, field, isMany);
            }

            if (depth == 2)
            {
                return (path, schema, field, isMany);
            }

            (schema, isMany) = (target, isMany || field.Many);
        }
    }

    private string Other(CollectionSchema schema, CollectionField field)
    {
        if (field.Type == "relation")
        {
            if (field.CollectionId == users.Id && !dice.OnceIn(5))
            {
                return "@request.auth.id";
            }

            if (users.Fields.FirstOrDefault(own => own is { Type: "relation", Many: false } && own.CollectionId == field.CollectionId) is { } same && dice.OnceIn(2))
            {
                return $"@request.auth.{same.Name}";
            }
        }

        if (field.Type == "select" && !dice.OnceIn(8))
        {
            return Quoted(dice.Pick(field.Choices));
        }

        return field.Type == "text" && dice.OnceIn(6) && users.HasField("name") ? "@request.auth.name" : Quoted(Sample(schema, field));
    }

    private string Sample(CollectionSchema schema, CollectionField field) => samples[(schema.Name, field.Name)].ToArray() is { Length: > 0 } held ? dice.Pick(held) : "none";

    private static string Quoted(string text) => $"'{text.Replace("'", "\\'", StringComparison.Ordinal)}'";
}
