using System.Globalization;
using SupportConsole.Core.Users;

namespace SupportConsole.Features.Users;

/// <summary>Turns a query into a filter of PocketBase's.</summary>
internal static class UserFilter
{
    private static readonly string[] IdFields = ["id", "username"];

    /// <summary>The filter; null when the text can't be written in this server's grammar, so that nobody can have it.</summary>
    public static string? For(UserQuery query, FilterGrammar grammar, IReadOnlyCollection<string> fields) => query switch
    {
        // A user name can look like an id.
        UserQuery.ById byId => string.Join(
            " || ", IdFields.Where(field => field == "id" || fields.Contains(field)).Select(field => $"{field} = {PocketBaseFilter.Literal(grammar, byId.Id)}")),
        // PocketBase compares addresses exactly; people type them in any case.
        UserQuery.ByEmail byEmail => Contains(grammar, byEmail.Email, [.. fields.Where(field => field is "email" or "username")]),
        UserQuery.ByText byText => Contains(grammar, byText.Text, ["id", .. fields]),
        _ => null,
    };

    private static string? Contains(FilterGrammar grammar, string text, IReadOnlyCollection<string> fields)
    {
        List<string> clauses = [];
        foreach (var spelling in SpellingsOf(text))
        {
            if (!PocketBaseFilter.TryContains(grammar, spelling, out var literal))
            {
                return null;
            }

            clauses.AddRange(fields.Select(field => $"{field} ~ {literal}"));
        }

        return clauses.Count == 0 ? null : string.Join(" || ", clauses);
    }

    // PocketBase ignores the case of ASCII letters only, so Ünal isn't found by ünal: the common spellings are asked for too.
    private static IEnumerable<string> SpellingsOf(string text)
    {
        if (text.All(char.IsAscii))
        {
            return [text];
        }

        var culture = CultureInfo.InvariantCulture;
        var lower = text.ToLower(culture);
        return new[] { text, lower, culture.TextInfo.ToTitleCase(lower), text.ToUpper(culture) }.Distinct(StringComparer.Ordinal);
    }
}
