using System.Text;
using SupportConsole.Core.Users;

namespace SupportConsole.Core.ViewAs;

/// <summary>
/// Turns a rule into a filter that the user may ask by themselves, so that PocketBase decides it and nobody guesses. That is possible for rules
/// about the record's own fields and the user's id alone: a filter through a relation obeys the other collection's rules too, which a rule doesn't
/// (measured, 0.32 and later), and what a rule reads of the request is in no filter.
/// </summary>
public static class RuleQuestion
{
    private const string UserId = "@request.auth.id";

    // Macros that PocketBase takes in a user's filter as in a rule.
    private static readonly string[] s_macros =
    [
        "@now", "@yesterday", "@tomorrow", "@second", "@minute", "@hour", "@weekday", "@day", "@month", "@year", "@todayStart", "@todayEnd",
        "@monthStart", "@monthEnd", "@yearStart", "@yearEnd",
    ];

    /// <summary>The filter; null where only a superuser could ask it.</summary>
    /// <param name="rule">The rule as PocketBase keeps it; not empty.</param>
    /// <param name="user">The user's record id.</param>
    /// <param name="fields">The fields whose value every user sees: a filter by another may answer otherwise than the rule.</param>
    /// <param name="grammar">How the server reads filters.</param>
    public static string? AsFilter(string rule, string user, IReadOnlyCollection<string> fields, FilterGrammar grammar)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(fields);
        if (!PocketBaseFilter.StandsAlone(rule) || !PocketBaseFilter.TryLiteral(grammar, user, out var id))
        {
            return null;
        }

        var filter = new StringBuilder();
        var done = 0;
        foreach (var word in FilterWords.Of(rule))
        {
            switch (word.Kind)
            {
                case FilterWordKind.Function:
                    return null;
                case FilterWordKind.Operator:
                    continue;
            }

            if (word.Text == UserId)
            {
                filter.Append(rule, done, word.At - done).Append(id);
                done = word.At + word.Text.Length;
            }
            else if (!s_macros.Contains(word.Text) && word.Text is not ("true" or "false" or "null") && !fields.Contains(word.Text))
            {
                return null;
            }
        }

        return filter.Append(rule, done, rule.Length - done).ToString();
    }
}
