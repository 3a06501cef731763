using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ApiKeys.Making;

/// <summary>What a new service account is filled with, in a collection of the app's own with whatever fields it has.</summary>
internal static class NewAccount
{
    /// <summary>The domain of the accounts' addresses, which lead nowhere (RFC 2606, 2).</summary>
    public const string Domain = "service-account.invalid";

    /// <summary>Where people could sign in by password, a shorter one could be guessed.</summary>
    public const int ShortestPassword = 20;

    private const int PasswordLength = 60;

    private static readonly string[] FilledIn = ["id", "password", "tokenKey", "email", "emailVisibility", "verified"];

    /// <summary>Where a key's name is written, by which people recognise it in PocketBase's own dashboard. It is a wish; null where nothing fits.</summary>
    public static CollectionField? LabelOf(CollectionSchema collection) =>
        TextField(collection, "label") ?? TextField(collection, "name");

    /// <summary>What an account made outside the console is called.</summary>
    public static string NameOf(PocketBaseRecord record) =>
        new[] { record.Text("label"), record.Text("name") }.FirstOrDefault(name => name.Any(char.IsLetterOrDigit)) ?? record.Id;

    /// <summary>The required fields that nothing is known for.</summary>
    public static IReadOnlyList<CollectionField> NotFilledIn(CollectionSchema collection)
    {
        var label = LabelOf(collection)?.Name;
        return [.. collection.Fields.Where(field => field.Required && field.Name != label && !FilledIn.Contains(field.Name))];
    }

    /// <summary>
    /// The id of a key's account: the key's own where the collection takes it, else one of the collection's own pattern. Null where the
    /// console can't write one.
    /// </summary>
    /// <param name="collection">The collection.</param>
    /// <param name="key">The key's id.</param>
    public static string? IdFor(CollectionSchema collection, string key)
    {
        if (collection.Fields.FirstOrDefault(field => field.Name == "id") is not { } field || field.Takes(key))
        {
            return key;
        }

        int[] lengths = [key.Length, field.Max, field.Min, 8, 20, 30];
        return new[] { field.Generated, field.Pattern }.Where(pattern => pattern.Length > 0)
            .SelectMany(pattern => lengths.Where(length => length > 0).Select(length => PatternText.Make(pattern, length)))
            .FirstOrDefault(id => PocketBaseName.IsValid(id) && field.Takes(id));
    }

    /// <summary>A new account: nobody knows its password.</summary>
    /// <param name="collection">The collection, which has no fault.</param>
    /// <param name="key">The key, with the id of its account.</param>
    /// <exception cref="KeyRefusedException">The collection requires a name of another form.</exception>
    public static JsonObject Of(CollectionSchema collection, ApiKey key)
    {
        var password = Password(collection);
        var record = new JsonObject
        {
            ["id"] = key.Record,
            ["password"] = password,
            ["passwordConfirm"] = password,
            ["emailVisibility"] = false,
            ["verified"] = true,
        };
        if (!collection.Fields.Any(field => field is { Name: "email", OnlyDomains: true }))
        {
            record["email"] = $"{key.Id}@{Domain}";
        }

        if (LabelOf(collection) is { } label)
        {
            record[label.Name] = Cut(label, key.Name) ?? (!label.Required ? null : throw new KeyRefusedException(
                $"The field '{label.Name}' of the collection '{collection.Name}' doesn't take this name: it wants {(label.Pattern.Length > 0 ? $"the pattern {label.Pattern}" : $"at least {label.Min} characters")}. Choose a name that fits, or change the field in PocketBase's dashboard."));
        }

        if (ServiceAccountSchema.CanSuspend(collection))
        {
            record[ServiceAccountSchema.Disabled] = false;
        }

        return record;
    }

    /// <summary>
    /// What may stand in the label's place where PocketBase refuses the name, as it does for one that is taken there: the name with the
    /// key's id, or nothing.
    /// </summary>
    public static (string Field, string? Instead)? Otherwise(CollectionSchema collection, ApiKey key) =>
        LabelOf(collection) is { } label
            ? (label.Name, $"{key.Name} {key.Id}" is var both && label.Takes(both) ? both : label.Takes(key.Id) ? key.Id : null)
            : null;

    private static CollectionField? TextField(CollectionSchema collection, string name) =>
        collection.Fields.FirstOrDefault(field => field.Name == name && field.Type == "text");

    /// <summary>The name as far as the field takes it; null where it takes none of it.</summary>
    private static string? Cut(CollectionField label, string name)
    {
        var cut = label.Max > 0 ? string.Concat(name.EnumerateRunes().Take(label.Max)) : name;
        return label.Takes(cut) ? cut : null;
    }

    private static string Password(CollectionSchema collection)
    {
        var random = RandomNumberGenerator.GetHexString(PasswordLength);
        var field = collection.Fields.FirstOrDefault(field => field.Type == "password");
        // One of the kind that patterns of passwords ask for: a letter of each case, a digit and a sign.
        return new[] { random, $"Aa1!{random}" }.Select(password => field is { Max: > 0 and var most } && most < password.Length ? password[..most] : password)
            .FirstOrDefault(password => field?.Takes(password) != false) ?? random;
    }
}
