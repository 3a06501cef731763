using System.Globalization;
using System.Text;
using SupportConsole.Core;
using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit;

/// <summary>
/// Text as the word index sees it. Both sides, event and question, are cut into words here, and only letters and digits are left:
/// the index is asked for words alone, and nothing that is typed can be part of its query language.
/// </summary>
internal static class IndexWords
{
    /// <summary>How many words a question may have.</summary>
    public const int WordsAsked = 16;

    private const int LettersKept = 60;

    /// <summary>
    /// Marks a facet (who, what, how) among the words, so that a text and other filters are met by one walk of the index. From
    /// Unicode's private use, which is neither letter nor digit: nobody can type one.
    /// </summary>
    private const char FacetMark = '\ue000';

    /// <summary>
    /// Marks the beginning of a word, as far as it is letters. Many events share these, and looking one up is one step where matching a
    /// prefix would gather all events of all words that have it. What holds a digit is an id or a ticket: few events share those.
    /// </summary>
    private const char BeginningMark = '\ue001';
    private const int ShortestBeginning = 4;
    private const int LongestBeginning = 12;

    /// <summary>The words of an event, with its facets, as the index is fed.</summary>
    public static string Of(AuditEvent occurred)
    {
        var words = new StringBuilder(256);
        var distinct = TextsOf(occurred).SelectMany(WordsIn).Distinct().ToList();
        foreach (var word in distinct.Concat(distinct.SelectMany(BeginningsOf).Distinct()))
        {
            words.Append(word).Append(' ');
        }

        return words.AppendJoin(' ', FacetsOf(
            occurred.Actor.Id.Value,
            occurred.Subject is { } subject ? new AuditSubjectKey(subject.Collection, subject.Id) : null,
            occurred.Type,
            occurred.Outcome,
            occurred.SessionId)).ToString();
    }

    /// <summary>The match expression of a question; null when its text has no word, which no event matches.</summary>
    /// <remarks>A phrase and a ticket are found here by their words alone; whether an event has them as they are, it says itself.</remarks>
    public static string? Asking(AuditQuery query)
    {
        List<string> words = [];
        foreach (var (text, isWhole) in TextsAsked(query))
        {
            var asked = WordsIn(text).Distinct().Take(WordsAsked).Select(word => isWhole ? $"\"{word}\"" : Beginning(word)).ToList();
            if (asked.Count == 0)
            {
                return null;
            }

            words.AddRange(asked);
        }

        words.AddRange(FacetsOf(query.Actor?.Value, query.Subject, null, query.Outcome, query.SessionId).Select(facet => $"\"{facet}\""));
        if (query.Types.Count > 0)
        {
            words.Add($"({string.Join(" OR ", query.Types.Select(type => $"\"{Facet('t', type)}\""))})");
        }

        var except = (query.Except?.Texts ?? []).Select(text => string.Join(" AND ", WordsIn(text).Distinct().Take(WordsAsked).Select(Beginning)))
            .Where(expression => expression.Length > 0).ToList();
        if (except.Count == 0)
        {
            return string.Join(" AND ", words);
        }

        if (words.Count == 0)
        {
            // What is left out must be left out of something: each event ended somehow.
            words.Add(string.Join(" OR ", Enum.GetNames<AuditOutcome>().Select(outcome => $"\"{Facet('o', outcome)}\"")));
        }

        return $"({string.Join(" AND ", words)}) NOT ({string.Join(" OR ", except.Select(expression => $"({expression})"))})";
    }

    /// <summary>Whether the words stand whole and one behind the other in one text of an event.</summary>
    public static bool HasPhrase(AuditEvent occurred, string phrase)
    {
        string[] wanted = [.. WordsIn(phrase)];
        return wanted.Length > 0 && TextsOf(occurred).Any(text => WordsIn(text).ToArray().AsSpan().IndexOf(wanted) >= 0);
    }

    /// <summary>Words: runs of letters and digits, lower case, without accents.</summary>
    public static IEnumerable<string> WordsIn(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in Decomposed(text).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                if (word.Length < LettersKept)
                {
                    word.Append(Rune.ToLowerInvariant(rune).ToString());
                }
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
                && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }

    private static IEnumerable<(string Text, bool IsWhole)> TextsAsked(AuditQuery query) =>
    [
        .. string.IsNullOrWhiteSpace(query.Text) ? [] : new[] { (query.Text, false) },
        .. query.Ticket is { } ticket ? new[] { (ticket, true) } : [],
        .. query.Phrases.Select(phrase => (phrase, true)),
    ];

    /// <summary>The beginnings that are letters alone, also of a word in which digits follow.</summary>
    private static IEnumerable<string> BeginningsOf(string word)
    {
        var other = word.AsSpan().IndexOfAnyExceptInRange('a', 'z');
        var letters = Math.Min(other < 0 ? word.Length : other, LongestBeginning);
        for (var length = ShortestBeginning; length <= letters; length++)
        {
            yield return $"{BeginningMark}{word.AsSpan(0, length)}";
        }
    }

    /// <summary>The expression for events with a word that begins so.</summary>
    private static string Beginning(string word) =>
        word.Length is >= ShortestBeginning and <= LongestBeginning && IsPlain(word) ? $"\"{BeginningMark}{word}\"" : $"\"{word}\"*";

    private static bool IsPlain(string word) => !word.AsSpan().ContainsAnyExceptInRange('a', 'z');

    private static string Decomposed(string text) =>
        Ascii.IsValid(text)
            ? text
            : UnicodeForm.Of(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), NormalizationForm.FormKD);

    private static IEnumerable<string> TextsOf(AuditEvent occurred)
    {
        string?[] texts =
        [
            occurred.Reason, occurred.Category, occurred.Ticket, occurred.Detail, occurred.SessionId, occurred.CorrelationId,
            occurred.Actor.Id.Value, occurred.Actor.Name,
            occurred.Subject?.Collection, occurred.Subject?.Id, occurred.Subject?.Name, occurred.Target?.Collection,
        ];
        return texts.OfType<string>().Concat(occurred.Target is { RecordIds.IsDefaultOrEmpty: false } target ? target.RecordIds : []);
    }

    private static IEnumerable<string> FacetsOf(
        string? actor, AuditSubjectKey? subject, string? type, AuditOutcome? outcome, string? session)
    {
        if (actor is not null)
        {
            yield return Facet('a', actor);
        }

        if (subject is { } key)
        {
            yield return Facet('u', key.ToString());
        }

        if (type is not null)
        {
            yield return Facet('t', type);
        }

        if (outcome is { } ending)
        {
            yield return Facet('o', ending.ToString());
        }

        if (session is not null)
        {
            yield return Facet('s', session);
        }
    }

    /// <summary>A short token for a value of any length. Should two values share one, the columns still tell them apart.</summary>
    private static string Facet(char kind, string value) =>
        string.Create(CultureInfo.InvariantCulture, $"{FacetMark}{kind}{IdFingerprint.Of(value):x16}");
}
