using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace SupportConsole.Core.Users;

/// <summary>
/// What somebody typed or pasted into the search box, understood without knowing the app: which e-mail addresses are in it, what
/// could be a record id, and the text itself. What really is an id only the collection can tell (<see cref="TextPattern"/>).
/// </summary>
public sealed record UserQuery
{
    /// <summary>Letters of an alphabet that a search inside of values needs: fewer would match half the users and scan them all.</summary>
    public const int MinimumLength = 3;

    /// <summary>The longest text that is searched for, in characters; what follows is left out.</summary>
    public const int LongestText = 200;

    /// <summary>The longest input that is read: addresses of apps are long.</summary>
    public const int MaximumLength = 2000;

    private const int MostParts = 20;

    private const int MostEscapes = 3;

    private static readonly char[] s_betweenWords = [' ', '\t', '\n', '\r', '\u00A0', '\u3000', '<', '>', '(', ')', '[', ']', '{', '}', ',', ';', '"', '“', '”', '„', '«', '»'];
    private static readonly char[] s_betweenSegments = ['/', '?', '#', '&', '=', ':', ';', ','];
    private static readonly char[] s_aroundWords = ['.', ',', ';', ':', '!', '?', '\'', '’', '‘', '`', '…', '|', '*'];

    private static readonly SearchValues<char> s_notInDomains = SearchValues.Create("/?=&");
    private static readonly SearchValues<char> s_notInLocalParts = SearchValues.Create("/?&:#@");

    private UserQuery(string text, ImmutableArray<string> emails, ImmutableArray<string> parts, bool isAddress, QueryReach reach)
    {
        Text = text;
        Emails = emails;
        Parts = parts;
        IsAddress = isAddress;
        Reach = reach;
    }

    /// <summary>The text, without blanks and invisible characters around it; at most <see cref="LongestText"/> characters.</summary>
    public string Text { get; }

    /// <summary>The e-mail addresses in the input, as typed.</summary>
    public ImmutableArray<string> Emails { get; }

    /// <summary>What could be a record id, most likely first: the words of the input, or the segments of a pasted address.</summary>
    public ImmutableArray<string> Parts { get; }

    /// <summary>Whether the input is an address of the app, so that its segments are looked for and not the whole.</summary>
    public bool IsAddress { get; }

    /// <summary>How far <see cref="Text"/> is looked for.</summary>
    public QueryReach Reach { get; }

    /// <summary>Whether the input names one user, so that there is no more typing to wait for.</summary>
    public bool IsExact => Emails.Length > 0 || IsAddress;

    /// <summary>Understands the input of the search box.</summary>
    public static UserQuery Parse(string? input)
    {
        var typed = VisibleText.Beginning(input ?? "", MaximumLength);
        var text = VisibleText.Beginning(Trimmed(typed), LongestText);

        // Inside of an address or an id an invisible character is never meant; in a name it may be (Persian, emoji).
        var plain = Bare(typed);
        var words = plain.Split(s_betweenWords, StringSplitOptions.RemoveEmptyEntries);
        var isAddress = words is [var only] && only.Contains('/', StringComparison.Ordinal);
        return new UserQuery(
            text,
            [.. words.SelectMany(EmailsIn).Distinct(StringComparer.Ordinal).Take(MostParts)],
            [.. words.SelectMany(CandidatesIn).Prepend(plain.Trim())
                .Where(AppUserId.IsRecordId).Distinct(StringComparer.Ordinal).Take(MostParts)],
            isAddress,
            ReachOf(text));
    }

    private static QueryReach ReachOf(string text) => text.EnumerateRunes().Sum(WeightOf) switch
    {
        0 => text.Length == 0 ? QueryReach.Nothing : QueryReach.Whole, // Marks and signs alone: somebody's value may be just that.
        1 => QueryReach.TooShort,
        < MinimumLength => QueryReach.Whole,
        _ => QueryReach.Anywhere,
    };

    private static int WeightOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control => 0,
        UnicodeCategory.OtherLetter => WordScripts.WeightOf(rune),
        _ => 1,
    };

    // Of an address the last segment names the record most often; one may end a sentence, or have a handle's sign before it.
    private static IEnumerable<string> CandidatesIn(string word) => word.Contains('/', StringComparison.Ordinal)
        ? SegmentsOf(word).Reverse().SelectMany(segment => new[] { segment, segment.Trim(s_aroundWords).TrimStart('@') })
        : [word.Trim(s_aroundWords)];

    // Behind a '+' a local part may hold '=': there a segment would be somebody else's address.
    private static IEnumerable<string> EmailsIn(string word) =>
        (HasTag(word) ? [word] : SegmentsOf(word)).Select(part => part.Trim(s_aroundWords)).Where(IsEmail);

    private static bool HasTag(string word) =>
        word.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus && word.IndexOf('=', StringComparison.Ordinal) > plus && IsEmail(word);

    // An address can carry another one as a value, escaped as often as it was handed on.
    private static IEnumerable<string> SegmentsOf(string address, int escapes = MostEscapes) =>
        address.Split(s_betweenSegments, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(part => Uri.UnescapeDataString(part) is var plain && plain != part && escapes > 0 ? SegmentsOf(plain, escapes - 1) : [plain]);

    private static bool IsEmail(string text)
    {
        var at = text.LastIndexOf('@');
        var dot = text.LastIndexOf('.');
        return at > 0 && dot > at + 1 && text.Length - dot > 2
            && text.AsSpan(at + 1).IndexOfAny(s_notInDomains) < 0 && text.AsSpan(0, at).IndexOfAny(s_notInLocalParts) < 0 && !text.Contains("..", StringComparison.Ordinal);
    }

    private static string Trimmed(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        var from = Array.FindIndex(runes, IsSeen);
        return from < 0 ? "" : string.Concat(runes[from..(Array.FindLastIndex(runes, IsSeen) + 1)].Select(rune => rune.ToString()));
    }

    private static string Bare(string text) => string.Concat(text.EnumerateRunes()
        .Where(rune => Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Format).Select(rune => rune.ToString()));

    private static bool IsSeen(Rune rune) => !Rune.IsWhiteSpace(rune)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
