using System.Collections.Immutable;

namespace SupportConsole.Core.Users;

/// <summary>
/// What the users of an app are called by, decided once from the fields that their collection has: a field for the whole name, then
/// a given and a family name together, then what the app itself calls presentable, then a user name, the e-mail address and the id.
/// </summary>
public sealed class UserNaming
{
    // Spelled without case and underscores; the languages in which public apps name their fields.
    private static readonly string[] s_whole =
        ["name", "fullname", "displayname", "realname", "nome", "nombre", "nom", "naam", "namn", "navn", "ad", "isim", "imie", "imya", "fio", "nickname", "nick"];

    private static readonly (string[] Given, string[] Family)[] s_parts =
    [
        (["firstname", "givenname", "forename", "fname", "first"], ["lastname", "familyname", "surname", "lname", "last", "secondname"]),
        (["vorname"], ["nachname", "familienname"]),
        (["prenom"], ["nom", "nomdefamille"]),
        (["nombre", "nombres"], ["apellido", "apellidos"]),
        (["nome"], ["cognome", "sobrenome", "apelido"]),
        (["imie"], ["nazwisko"]),
        (["voornaam"], ["achternaam"]),
        (["ad"], ["soyad"]),
        (["fornavn"], ["etternavn", "efternavn"]),
        (["fornamn"], ["efternamn"]),
        (["imya"], ["familiya"]),
    ];

    private static readonly string[] s_login = ["username", "login", "handle", "userid", "usuario", "benutzername"];

    private UserNaming(ImmutableArray<ImmutableArray<string>> ways) => Ways = ways;

    /// <summary>The fields to try, best first; those of one way are joined by a blank.</summary>
    public ImmutableArray<ImmutableArray<string>> Ways { get; }

    /// <summary>Decides by the collection's visible text and e-mail fields, in its own order.</summary>
    public static UserNaming For(IReadOnlyList<NamingField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var texts = fields.Where(field => !field.IsEmail).ToArray();
        List<ImmutableArray<string>> ways = [];
        // Both parts of a name beat a field that may be one of them: nombre beside apellidos is the given name alone.
        foreach (var (given, family) in s_parts)
        {
            if (Find(texts, given) is { } first && Find(texts, family) is { } last)
            {
                ways.Add([first, last]);
            }
        }

        ways.AddRange(s_whole.Select(word => Find(texts, [word])).OfType<string>().Select(Alone));
        ways.AddRange(s_parts.SelectMany(part => part.Given.Concat(part.Family)).Select(word => Find(texts, [word])).OfType<string>().Select(Alone));
        if (texts.Where(field => field.Presentable).Select(field => field.Name).ToImmutableArray() is { Length: > 0 } presentable)
        {
            ways.Add(presentable);
        }

        ways.AddRange(s_login.Select(word => Find(texts, [word])).OfType<string>().Select(Alone));
        ways.AddRange(fields.Where(field => field.IsEmail).Select(field => Alone(field.Name)));
        return new UserNaming([.. ways]);
    }

    /// <summary>Takes the fields as an administrator named them, each in its turn; e-mail addresses come last all the same.</summary>
    public static UserNaming InOrder(IReadOnlyList<NamingField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var chosen = For([.. fields.Select(field => field with { Presentable = false })]).Ways;
        return new UserNaming([.. chosen.Where(way => way.Length > 1), .. fields.OrderBy(field => field.IsEmail).Select(field => Alone(field.Name))]);
    }

    /// <summary>What a record is called; empty when none of the fields has anything to see.</summary>
    /// <param name="valueOf">Gives a field's value as text; empty when there is none.</param>
    public string NameOf(Func<string, string> valueOf)
    {
        ArgumentNullException.ThrowIfNull(valueOf);
        foreach (var way in Ways)
        {
            var name = string.Join(' ', way.Select(field => valueOf(field).Trim()).Where(value => !VisibleText.IsBlank(value)));
            if (name.Length > 0)
            {
                return name;
            }
        }

        return "";
    }

    private static ImmutableArray<string> Alone(string field) => [field];

    private static string? Find(NamingField[] fields, string[] words) => words
        .Select(word => fields.FirstOrDefault(field => field.Name.Replace("_", "", StringComparison.Ordinal).Equals(word, StringComparison.OrdinalIgnoreCase)))
        .FirstOrDefault(field => field is not null)?.Name;
}
