using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys;

/// <summary>What the service accounts' collection must be like, what would be good to have, and how a wrong one is mended.</summary>
internal static class ServiceAccountSchema
{
    public const string Disabled = "disabled";

    /// <summary>Whether accounts can be marked as disabled, for rules to test.</summary>
    public static bool CanSuspend(CollectionSchema? collection) => collection?.Fields.Any(field => field is { Name: Disabled, Type: "bool" }) == true;

    /// <summary>The configured collection among all of the app's; null when there is none of this name.</summary>
    public static CollectionSchema? In(IEnumerable<CollectionSchema> collections, string name) =>
        collections.FirstOrDefault(collection => collection.Name == name);

    /// <summary>Whether any rule of the app would care about an account that is marked as disabled, as far as its text tells.</summary>
    public static bool AnyTestsDisabled(IEnumerable<CollectionSchema> collections) =>
        collections.SelectMany(collection => collection.Rules).Any(TestsDisabled);

    /// <summary>Whether a rule lets an account that is marked as disabled through no more, as far as its text tells.</summary>
    public static bool TestsDisabled(string? rule) => rule?.Contains($"@request.auth.{Disabled}", StringComparison.Ordinal) == true;

    /// <summary>Whether an account is marked as disabled.</summary>
    public static bool IsDisabled(PocketBaseRecord record) => record.Flag(Disabled);

    /// <summary>Why no account can be there at all, with the migration that makes such a collection; null when some can.</summary>
    /// <param name="name">The configured name.</param>
    /// <param name="collection">The collection; null when there is none.</param>
    public static KeyCollectionFault? MissingOf(string name, CollectionSchema? collection) => collection switch
    {
        null => new KeyCollectionFault($"PocketBase has no collection '{name}', which API keys need: one service account a key. Run this migration, or name another collection in ApiKeys:Collection.", MakeIt(name)),
        { Type: not "auth" } => new KeyCollectionFault($"The collection '{name}' isn't an auth collection, so no account can be in it. Name another one in ApiKeys:Collection; this migration makes one.", MakeIt($"{name}_accounts")),
        _ => null,
    };

    /// <summary>Everything that stands against making accounts there, with the migration that mends it; null when nothing does.</summary>
    /// <param name="name">The configured name.</param>
    /// <param name="collection">The collection; null when there is none.</param>
    public static KeyCollectionFault? FaultOf(string name, CollectionSchema? collection)
    {
        if (MissingOf(name, collection) is { } missing)
        {
            return missing;
        }

        List<string> wrong = [], steps = [];
        if (NewAccount.NotFilledIn(collection!) is { Count: > 0 } unknown)
        {
            var fields = string.Join(", ", unknown.Select(field => $"{field.Name} ({field.Type})"));
            wrong.Add($"requires {(unknown.Count == 1 ? "a field" : "fields")} that the console doesn't know and can't fill in: {fields}");
            steps.AddRange(unknown.Select(field => $"  accounts.fields.getByName(\"{field.Name}\").required = false;"));
        }

        if (NewAccount.IdFor(collection!, "a00000000000000") is null)
        {
            var id = collection!.Fields.First(field => field.Name == "id");
            wrong.Add($"takes only ids that the console can't write: of the pattern {id.Pattern}{(id.Min > 0 ? $", at least {id.Min} characters" : "")}{(id.Max > 0 ? $", at most {id.Max} characters" : "")}");
            steps.Add("  const id = accounts.fields.getByName(\"id\");\n  id.pattern = \"^[A-Za-z0-9_-]+$\";\n  id.min = 1;\n  id.max = 100;");
        }

        if (collection!.Fields.Any(field => field is { Name: "email", Required: true, OnlyDomains: true }))
        {
            wrong.Add($"requires an e-mail address of certain domains, and service accounts have addresses that lead nowhere, in {NewAccount.Domain}");
            steps.Add("  accounts.fields.getByName(\"email\").required = false;");
        }

        if (collection.Fields.Any(field => field is { Type: "password", Max: > 0 and < NewAccount.ShortestPassword }))
        {
            wrong.Add($"takes only passwords so short that they can be guessed: at least {NewAccount.ShortestPassword} characters must be allowed");
            steps.Add("  accounts.fields.getByName(\"password\").max = 0;");
        }

        return wrong.Count == 0
            ? null
            : new KeyCollectionFault($"The collection '{name}' {string.Join(", and ", wrong)}. Run this migration, which loosens that, or change the collection in PocketBase's dashboard.", Change(name, steps));
    }

    /// <summary>What would be good to have and isn't needed, with a migration where one helps; null when nothing is missing.</summary>
    /// <param name="collection">The collection, which has no fault.</param>
    /// <param name="all">All of the app's, for their rules.</param>
    public static KeyCollectionHint? HintOf(CollectionSchema collection, IEnumerable<CollectionSchema> all)
    {
        List<string> sentences = [], steps = [];
        if (NewAccount.LabelOf(collection) is null)
        {
            sentences.Add($"the accounts in '{collection.Name}' have no text field for a name, such as 'label', so PocketBase's own dashboard shows them by their ids alone. The console keeps the names itself");
            if (!collection.HasField("label"))
            {
                steps.Add("  accounts.fields.add(new TextField({ name: \"label\", max: 100 }));");
            }
        }

        if (!CanSuspend(collection))
        {
            sentences.Add("keys can be revoked, but not suspended: there is no switch (a bool field) 'disabled' that rules could test");
            if (!collection.HasField(Disabled))
            {
                steps.Add("  accounts.fields.add(new BoolField({ name: \"disabled\" }));");
            }
        }
        else if (!AnyTestsDisabled(all))
        {
            sentences.Add("keys can be revoked, but not suspended: no rule of the app tests @request.auth.disabled");
        }

        return sentences.Count == 0
            ? null
            : new KeyCollectionHint(
                string.Concat(sentences.Select(sentence => $"{char.ToUpperInvariant(sentence[0])}{sentence[1..]}. ")).TrimEnd(),
                steps.Count == 0 ? null : Change(collection.Name, steps));
    }

    private static string Change(string name, IEnumerable<string> steps) =>
        string.Join('\n', [$"migrate((app) => {{\n  const accounts = app.findCollectionByNameOrId(\"{name}\");", .. steps, "  app.save(accounts);\n}, () => {});"]);

    private static string MakeIt(string name) =>
        $$"""
        migrate((app) => {
          app.save(new Collection({
            type: "auth", name: "{{name}}", viewRule: "id = @request.auth.id",
            passwordAuth: { enabled: false, identityFields: ["email"] },
            fields: [
              { type: "email", name: "email", required: false, system: true },
              { type: "text", name: "label", required: true, max: 100, presentable: true },
              { type: "bool", name: "disabled" },
              { type: "autodate", name: "created", onCreate: true },
            ],
          }));
        }, (app) => {
          app.delete(app.findCollectionByNameOrId("{{name}}"));
        });
        """;
}
