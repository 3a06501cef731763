using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys;

/// <summary>What the service accounts' collection must be like, what a new account is filled with, and how a wrong one is mended.</summary>
internal static class KeyCollection
{
    private const string Label = "label";
    private const string Disabled = "disabled";

    private static readonly string[] FilledIn = ["id", "password", "tokenKey", "email", "emailVisibility", "verified", Label, Disabled];

    /// <summary>Whether accounts can be marked as disabled, for rules to test.</summary>
    public static bool CanSuspend(CollectionSchema? collection) => collection?.Fields.Any(field => field is { Name: Disabled, Type: "bool" }) == true;

    /// <summary>The configured collection among all of the app's; null when there is none of this name.</summary>
    public static CollectionSchema? In(IEnumerable<CollectionSchema> collections, string name) =>
        collections.FirstOrDefault(collection => collection.Name == name);

    /// <summary>Whether any rule of the app would care about an account that is marked as disabled, as far as its text tells.</summary>
    public static bool AnyTestsDisabled(IEnumerable<CollectionSchema> collections) =>
        collections.SelectMany(collection => collection.Rules).Any(TestsDisabled);

    /// <summary>Everything that stands against making accounts there, with the migration that mends it; null when nothing does.</summary>
    /// <param name="name">The configured name.</param>
    /// <param name="collection">The collection; null when there is none.</param>
    public static KeyCollectionFault? FaultOf(string name, CollectionSchema? collection)
    {
        if (collection is null)
        {
            return new KeyCollectionFault($"PocketBase has no collection '{name}', which API keys need: one service account a key. Run this migration, or name another collection in ApiKeys:Collection.", MakeIt(name));
        }

        if (collection.Type != "auth")
        {
            return new KeyCollectionFault($"The collection '{name}' isn't an auth collection, so no account can be in it. Name another one in ApiKeys:Collection; this migration makes one.", MakeIt($"{name}_accounts"));
        }

        List<string> wrong = [], steps = [];
        if (!collection.Fields.Any(field => field is { Name: Label, Type: "text" }))
        {
            wrong.Add("has no text field 'label', by which people recognise a key in PocketBase's dashboard");
            if (collection.HasField(Label))
            {
                // A field's type can't be changed, and what is in it must not be lost.
                steps.Add("  accounts.fields.getByName(\"label\").required = false;");
                steps.Add("  accounts.fields.getByName(\"label\").name = \"label_before\";");
            }

            steps.Add("  accounts.fields.add(new TextField({ name: \"label\", max: 100 }));");
        }

        if (!collection.HasField(Disabled))
        {
            // Not asked for by itself: keys can be made without it, only never suspended.
            steps.Add("  accounts.fields.add(new BoolField({ name: \"disabled\" }));");
        }

        var unknown = collection.Fields.Where(field => field.Required && (field.Name == Disabled || !FilledIn.Contains(field.Name))).Select(field => field.Name).ToArray();
        if (unknown.Length > 0)
        {
            wrong.Add($"requires {(unknown.Length == 1 ? "a field" : "fields")} that the console doesn't know and can't fill in: {string.Join(", ", unknown)}");
            steps.AddRange(unknown.Select(field => $"  accounts.fields.getByName(\"{field}\").required = false;"));
        }

        return wrong.Count == 0
            ? null
            : new KeyCollectionFault(
                $"The collection '{name}' {string.Join(", and ", wrong)}. Run this migration, or change the collection in PocketBase's dashboard.",
                string.Join('\n', [$"migrate((app) => {{\n  const accounts = app.findCollectionByNameOrId(\"{name}\");", .. steps, "  app.save(accounts);\n}, () => {});"]));
    }

    /// <summary>A new account: nobody knows its password, and its address leads nowhere (RFC 2606, 2).</summary>
    public static JsonObject NewAccount(CollectionSchema collection, string id, string name)
    {
        var password = RandomNumberGenerator.GetHexString(60);
        var record = new JsonObject
        {
            ["id"] = id,
            ["password"] = password,
            ["passwordConfirm"] = password,
            ["email"] = $"{id}@service-account.invalid",
            ["emailVisibility"] = false,
            ["verified"] = true,
            [Label] = name,
        };
        if (CanSuspend(collection))
        {
            record[Disabled] = false;
        }

        return record;
    }

    /// <summary>What an account made outside the console is called.</summary>
    public static string NameOf(PocketBaseRecord record) => record.Text(Label) is { Length: > 0 } label ? label : record.Id;

    /// <summary>Whether an account is marked as disabled.</summary>
    public static bool IsDisabled(PocketBaseRecord record) => record.Flag(Disabled);

    /// <summary>Whether a rule lets an account that is marked as disabled through no more, as far as its text tells.</summary>
    public static bool TestsDisabled(string? rule) => rule?.Contains($"@request.auth.{Disabled}", StringComparison.Ordinal) == true;

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

/// <summary>Why no key can be made, and what mends it.</summary>
/// <param name="Sentence">What is wrong and what to do.</param>
/// <param name="Migration">A PocketBase migration in JavaScript.</param>
public sealed record KeyCollectionFault(string Sentence, string Migration);
