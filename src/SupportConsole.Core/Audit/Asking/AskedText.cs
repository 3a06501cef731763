using System.Globalization;
using System.Text;

namespace SupportConsole.Core.Audit.Asking;

/// <summary>
/// A typed query of the trail: terms with spaces between them, each <c>key:value</c> or a text, with <c>-</c> before what is to be left out
/// and quotes around what has spaces in it; a quote within them is doubled. Reading one never fails: what can't be read is a fault with its place.
/// </summary>
public sealed record AskedText
{
    /// <summary>
    /// How many characters a query may have. Written into an address, where a character may take nine, it still fits into a request's line.
    /// </summary>
    public const int LongestText = 800;

    /// <summary>How many terms a query may have.</summary>
    public const int MostTerms = 40;

    private static readonly IReadOnlyDictionary<string, AskedKey> Keys = Enum.GetValues<AskedKey>().Where(key => key != AskedKey.Text)
        .ToDictionary(NameOf, StringComparer.OrdinalIgnoreCase);

    private readonly List<AskedTerm> _terms = [];
    private readonly List<AskedFault> _faults = [];

    private AskedText(string text)
    {
        Text = text;
        if (text.Length > LongestText)
        {
            Fault(LongestText, text.Length, $"A query has {LongestText} characters at most, and this one has {Numbers.Number(text.Length)}. Leave something out.");
            return;
        }

        FindUnseen();
        var at = 0;
        while (Skip(ref at))
        {
            ReadTerm(ref at);
        }

        if (_terms.Count > MostTerms)
        {
            Fault(_terms[MostTerms].At, text.Length, $"A query has {MostTerms} terms at most, and this one has {_terms.Count}. Leave some out.");
        }

        FindRepeated();
        _faults.Sort((one, other) => one.At.CompareTo(other.At));
    }

    /// <summary>The text that was read.</summary>
    public string Text { get; }

    /// <summary>What could be read of it, in its order.</summary>
    public IReadOnlyList<AskedTerm> Terms => _terms;

    /// <summary>What couldn't, in its order.</summary>
    public IReadOnlyList<AskedFault> Faults => _faults;

    /// <summary>The keys as they are typed, without the colon.</summary>
    public static IEnumerable<string> KeyNames => Keys.Keys;

    /// <summary>The keys that a value may be typed for without them.</summary>
    internal static IReadOnlyList<AskedKey> Named { get; } = [AskedKey.Event, AskedKey.Outcome, AskedKey.Actor];

    /// <summary>The key of this name; null where there is none.</summary>
    internal static AskedKey? KeyNamed(string name) => Keys.TryGetValue(name, out var key) ? key : null;

    /// <summary>Reads a query; null is an empty one.</summary>
    public static AskedText Parse(string? text) => new(text ?? "");

    /// <summary>The terms as one text, which is read again as the same.</summary>
    public static string Write(IEnumerable<AskedTerm> terms) => string.Join(' ', terms);

    /// <summary>A key as it is typed.</summary>
    public static string NameOf(AskedKey key) => key switch
    {
        AskedKey.Text => "text",
        AskedKey.Actor => "actor",
        AskedKey.Subject => "subject",
        AskedKey.Event => "event",
        AskedKey.Outcome => "outcome",
        AskedKey.Ticket => "ticket",
        AskedKey.Session => "session",
        AskedKey.After => "after",
        AskedKey.Before => "before",
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, null),
    };

    /// <summary>How many characters a key takes that stands here, without its colon; 0 where there is none.</summary>
    internal static int KeyIn(string text, int at)
    {
        var end = at;
        while (end < text.Length && (char.IsLetter(text[end]) || text[end] is '_' or '.'))
        {
            end++;
        }

        return end > at && end < text.Length && text[end] == ':' ? end - at : 0;
    }

    private void ReadTerm(ref int at)
    {
        var begin = at;
        var isNot = Text[at] == '-';
        at += isNot ? 1 : 0;
        if (isNot && IsEnd(at))
        {
            Fault(begin, at, "A - alone leaves nothing out. Write it right before a term, such as -event:audit.viewed");
            return;
        }

        var key = AskedKey.Text;
        if (KeyIn(Text, at) is var length and > 0)
        {
            var name = Text.Substring(at, length);
            if (!Keys.TryGetValue(name, out key))
            {
                Fault(at, at + length + 1, $"“{VisibleText.Isolate(VisibleText.Shortened(name, 30))}:” is no filter; {(Nearest(name) is { } meant ? $"did you mean “{meant}:”?" : "a text with a colon in it goes in quotes.")}");
                at += length + 1;
                ReadValue(ref at, out _);
                return;
            }

            at += length + 1;
            if (IsEnd(at))
            {
                Fault(begin, at, $"“{NameOf(key)}:” has no value. Write one right behind the colon.");
                return;
            }
        }

        if (ReadValue(ref at, out var isQuoted) is { } value)
        {
            _terms.Add(new AskedTerm(key, value, isNot, isQuoted) { At = begin, Length = at - begin });
        }
    }

    /// <summary>Reads up to the value's end; null where it can't be read, which is a fault then.</summary>
    private string? ReadValue(ref int at, out bool isQuoted)
    {
        var begin = at;
        isQuoted = at < Text.Length && Text[at] == '"';
        if (!isQuoted)
        {
            while (!IsEnd(at))
            {
                at++;
            }

            return Text[begin..at];
        }

        var value = new StringBuilder();
        for (at++; at < Text.Length; at++)
        {
            if (Text[at] != '"')
            {
                value.Append(Text[at]);
            }
            else if (at + 1 < Text.Length && Text[at + 1] == '"')
            {
                value.Append(Text[at++]);
            }
            else
            {
                at++;
                return Closed(ref at, begin, value.ToString());
            }
        }

        Fault(begin, begin + 1, "This quote is never closed. Put another one where the text ends.");
        return null;
    }

    private string? Closed(ref int at, int begin, string value)
    {
        if (!IsEnd(at))
        {
            Fault(at, at + 1, "Behind a closing quote stands a space. A quote within quotes is written twice.");
            while (!IsEnd(at))
            {
                at++;
            }

            return null;
        }

        if (VisibleText.IsBlank(value))
        {
            Fault(begin, at, "There is nothing between these quotes.");
            return null;
        }

        return value;
    }

    /// <summary>Characters that nobody sees and that would make the text look like another one.</summary>
    private void FindUnseen()
    {
        for (var at = 0; at < Text.Length; at++)
        {
            var point = char.IsHighSurrogate(Text[at]) && at + 1 < Text.Length && char.IsLowSurrogate(Text[at + 1]) ? char.ConvertToUtf32(Text[at], Text[at + 1]) : Text[at];
            var category = CharUnicodeInfo.GetUnicodeCategory(point);
            // Joiners belong to the spelling of some scripts.
            if ((category is UnicodeCategory.Control && !char.IsWhiteSpace(Text[at])) || category is UnicodeCategory.Surrogate || (category is UnicodeCategory.Format && point is not (0x200C or 0x200D)))
            {
                Fault(at, at + (point > 0xffff ? 2 : 1), string.Create(CultureInfo.InvariantCulture, $"Here stands a character that can't be seen (U+{point:X4}). Take it out."));
            }

            at += point > 0xffff ? 1 : 0;
        }
    }

    /// <summary>An event has one of each but words, and of what happened several may be asked for.</summary>
    private void FindRepeated()
    {
        foreach (var group in _terms.Where(term => !term.IsNot && term.Key is not (AskedKey.Text or AskedKey.Event)).GroupBy(term => term.Key))
        {
            foreach (var term in group.Skip(1))
            {
                Fault(term.At, term.At + term.Length, $"“{NameOf(term.Key)}:” stands here twice, and no event has two. Take one away.");
            }
        }

        foreach (var term in _terms.Where(term => term is { IsNot: true, Key: AskedKey.After or AskedKey.Before }))
        {
            Fault(term.At, term.At + 1, $"A time can't be left out. Write {(term.Key == AskedKey.After ? "before" : "after")}: instead.");
        }
    }

    private bool Skip(ref int at)
    {
        while (at < Text.Length && char.IsWhiteSpace(Text[at]))
        {
            at++;
        }

        return at < Text.Length;
    }

    private bool IsEnd(int at) => at >= Text.Length || char.IsWhiteSpace(Text[at]);

    private void Fault(int begin, int end, string sentence) => _faults.Add(new AskedFault(begin, end - begin, sentence));

    /// <summary>The key that a mistyped one may be: what is one or two slips away from it, or begins with it.</summary>
    private static string? Nearest(string name)
    {
        var (nearest, slips) = Keys.Keys.Select(key => (key, Slips(name, key))).MinBy(pair => pair.Item2);
        return slips <= (name.Length <= 4 ? 1 : 2) ? nearest : name.Length >= 2 ? Keys.Keys.FirstOrDefault(key => key.StartsWith(name, StringComparison.OrdinalIgnoreCase)) : null;
    }

    /// <summary>How many letters were left out, added, changed or swapped with their neighbour.</summary>
    private static int Slips(string typed, string key)
    {
        if (typed.Length > key.Length + 2)
        {
            return int.MaxValue;
        }

        // The table's rows for what was typed up to two letters before, up to the one before, and up to here.
        int[] twoBefore = [], before = [.. Enumerable.Range(0, key.Length + 1)];
        for (var i = 1; i <= typed.Length; i++)
        {
            var here = new int[key.Length + 1];
            here[0] = i;
            for (var j = 1; j <= key.Length; j++)
            {
                here[j] = Math.Min(Math.Min(before[j], here[j - 1]) + 1, before[j - 1] + (Same(i, j) ? 0 : 1));
                if (i > 1 && j > 1 && Same(i, j - 1) && Same(i - 1, j))
                {
                    here[j] = Math.Min(here[j], twoBefore[j - 2] + 1);
                }
            }

            (twoBefore, before) = (before, here);
        }

        return before[key.Length];

        bool Same(int i, int j) => char.ToLowerInvariant(typed[i - 1]) == key[j - 1];
    }
}
