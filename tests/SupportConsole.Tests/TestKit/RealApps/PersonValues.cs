using System.Text.Json.Nodes;

namespace SupportConsole.Tests.TestKit.RealApps;

/// <summary>What an auth record holds: the fields that name somebody name one of the awkward people, in whatever language the app is written.</summary>
internal static class PersonValues
{
    private static readonly string[] Naming = ["name", "nome", "nombre", "nom", "nick", "user", "login", "handle", "display", "title"];
    private static readonly string[] First = ["first", "given", "prenom", "vorname"];
    private static readonly string[] Last = ["last", "sur", "family", "nach", "apellido", "sobrenome"];

    public static JsonNode? For(AppField field, int index, int attempt, FieldValues values)
    {
        var (name, mailbox) = HostileTexts.People[index];
        return field switch
        {
            { Name: "email", System: true } => index == 7 && !field.Required ? null : $"{mailbox}{(attempt == 0 ? "" : attempt)}@{(index % 3 == 0 ? "Example.Test" : "example.test")}",
            { Name: "tokenKey" } => null,
            { Type: "text" } when !field.Is("primaryKey") => values.Fit(field, TextOf(field.Name, name, index), attempt),
            _ => values.For(field, attempt),
        };
    }

    private static string TextOf(string field, string name, int index)
    {
        if (Contains(field, First))
        {
            return name.Split(' ')[0];
        }

        if (Contains(field, Last))
        {
            return name.Split(' ')[^1];
        }

        return Contains(field, Naming) ? name : HostileTexts.Lines[(index + field.Length) % HostileTexts.Lines.Count];
    }

    private static bool Contains(string field, string[] words) => words.Any(word => field.Contains(word, StringComparison.OrdinalIgnoreCase));
}
