using System.Globalization;
using System.Text;
using SupportConsole.Core;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.Users;

/// <summary>A filter of PocketBase's, and the fields that it looks into.</summary>
internal sealed record UserFilter(string Filter, IReadOnlyList<string> Fields)
{
    // What the guard around a superuser's filter leaves of PocketBase's 3,500 bytes, and of its 200 comparisons (measured).
    private const int MaxBytes = PocketBaseFilter.MaxBytes - 200;
    private const int MaxClauses = 150;

    private const string Id = "id";

    private static readonly CultureInfo s_turkish = CultureInfo.GetCultureInfo("tr");

    /// <summary>Records of one of these ids; null when none can be written.</summary>
    public static UserFilter? Ids(FilterGrammar grammar, IEnumerable<string> ids) =>
        Any([.. ids.Select(id => Clause(grammar, Id, "=", id))], [Id]);

    /// <summary>Records with one of these addresses, as typed or in lower case, which is how most apps keep them. An index can answer it.</summary>
    public static UserFilter? Emails(FilterGrammar grammar, UserCollection users, IEnumerable<string> emails)
    {
        string[] fields = [.. users.Searched.Where(field => field.Type == "email").Select(field => field.Name)];
        return Any(
            [.. emails.SelectMany(email => new[] { email, email.ToLowerInvariant() }).Distinct(StringComparer.Ordinal)
                .SelectMany(email => fields.Select(field => Clause(grammar, field, "=", email)))],
            fields);
    }

    /// <summary>Records in which one of these texts stands inside of a value.</summary>
    public static UserFilter? Anywhere(FilterGrammar grammar, UserCollection users, IEnumerable<string> texts) =>
        InAllFields(
            users, texts.SelectMany(text => SpellingsOf(text).DistinctBy(WithoutAsciiCase, StringComparer.Ordinal).Select((spelling, turn) => (spelling, turn))),
            (field, text) => Clause(grammar, field, "~", text), withId: true);

    /// <summary>Records in which one of these texts is a whole value.</summary>
    public static UserFilter? Whole(FilterGrammar grammar, UserCollection users, IEnumerable<string> texts) =>
        InAllFields(
            users, texts.SelectMany(text => SpellingsOf(text).Select((spelling, turn) => (spelling, turn))),
            (field, text) => Clause(grammar, field, "=", text), withId: false);

    // The text as typed goes into every field before any other spelling of it does: should the filter grow too long, no field is left out for a spelling.
    private static UserFilter? InAllFields(
        UserCollection users, IEnumerable<(string Spelling, int Turn)> spellings, Func<string, string, string?> clause, bool withId)
    {
        string[] fields = [.. users.Searched.Select(field => field.Name), .. withId ? [Id] : Array.Empty<string>()];
        return Any([.. spellings.OrderBy(written => written.Turn).SelectMany(written => fields.Select(field => clause(field, written.Spelling)))], fields);
    }

    /// <summary>As many of the clauses as PocketBase takes, and the fields that are among them.</summary>
    private static UserFilter? Any(string?[] clauses, string[] fields)
    {
        var filter = new StringBuilder();
        var bytes = 0;
        var taken = 0;
        foreach (var clause in clauses.OfType<string>())
        {
            bytes += Encoding.UTF8.GetByteCount(clause) + 4;
            if (bytes > MaxBytes || taken == MaxClauses)
            {
                break;
            }

            filter.Append(taken++ == 0 ? "" : " || ").Append(clause);
        }

        return taken == 0 ? null : new UserFilter(filter.ToString(), taken >= fields.Length ? fields : fields[..taken]);
    }

    private static string? Clause(FilterGrammar grammar, string field, string comparison, string text) => (comparison == "~"
        ? PocketBaseFilter.TryContains(grammar, text, out var literal)
        : PocketBaseFilter.TryLiteral(grammar, text, out literal)) ? $"{field} {comparison} {literal}" : null;

    /// <summary>
    /// PocketBase ignores the case of ASCII letters only, and only with <c>~</c>; and a letter with its accent can be one character or
    /// two. The common spellings are asked for too, and in Turkish the capital of i has a dot.
    /// </summary>
    private static IEnumerable<string> SpellingsOf(string text)
    {
        var culture = CultureInfo.InvariantCulture;
        var lower = text.ToLower(culture);
        string[] cases = [text, lower, culture.TextInfo.ToTitleCase(lower), text.ToUpper(culture)];
        if (text.AsSpan().IndexOfAny("iIıİ") >= 0)
        {
            var turkish = s_turkish.TextInfo;
            cases = [.. cases, turkish.ToTitleCase(lower), turkish.ToUpper(lower)];
            if (text.AsSpan().IndexOfAny('I', 'ı') >= 0)
            {
                var dotless = turkish.ToLower(text);
                cases = [.. cases, turkish.ToTitleCase(dotless), dotless];
            }
        }

        return (cases.All(one => one.All(char.IsAscii)) ? cases : [.. cases, .. cases.SelectMany(one => new[] { UnicodeForm.Of(one, NormalizationForm.FormC), UnicodeForm.Of(one, NormalizationForm.FormD) })])
            .Distinct(StringComparer.Ordinal);
    }

    private static string WithoutAsciiCase(string text) =>
        string.Create(text.Length, text, (folded, typed) =>
        {
            for (var i = 0; i < folded.Length; i++)
            {
                folded[i] = char.IsAsciiLetterUpper(typed[i]) ? (char)(typed[i] | 0x20) : typed[i];
            }
        });
}
