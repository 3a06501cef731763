using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SupportConsole.Core.ApiKeys;

/// <summary>
/// Makes random texts of a pattern, as far as patterns of ids go: letters, classes, groups, alternatives and counts, in Go's spelling
/// (RE2), which is PocketBase's. Only letters, digits, <c>_</c> and <c>-</c> are ever written, whatever else a class allows.
/// </summary>
public sealed class PatternText
{
    private const string Written = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    private const int Longest = 200;

    private readonly string _pattern;
    private readonly int _usual;
    private int _at;

    private PatternText(string pattern, int usual)
    {
        _pattern = pattern;
        _usual = usual;
    }

    /// <summary>A text of the pattern; null for one that says what isn't understood here.</summary>
    /// <param name="pattern">The expression, with or without <c>^</c> and <c>$</c> around it.</param>
    /// <param name="usual">How often to repeat what may be repeated freely.</param>
    public static string? Make(string pattern, int usual)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var reading = new PatternText(pattern, usual);
        try
        {
            var text = reading.Alternatives();
            return reading._at == pattern.Length && text.Length is > 0 and <= Longest ? text : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private char? Next => _at < _pattern.Length ? _pattern[_at] : null;

    private string Alternatives()
    {
        List<string> branches = [Sequence()];
        while (Next == '|')
        {
            _at++;
            branches.Add(Sequence());
        }

        return branches[RandomNumberGenerator.GetInt32(branches.Count)];
    }

    private string Sequence()
    {
        var text = new StringBuilder();
        while (Next is { } next and not ('|' or ')'))
        {
            if (next is '^' or '$')
            {
                // Where these stand elsewhere nothing fits the pattern, which whoever compares the text with it finds out.
                _at++;
                continue;
            }

            var begin = _at;
            Atom();
            var times = Count();
            var after = _at;
            for (var i = 0; i < times; i++)
            {
                // Each time anew, so that a class that is repeated isn't one letter over and over.
                _at = begin;
                text.Append(Atom());
                if (text.Length > Longest)
                {
                    throw new FormatException();
                }
            }

            _at = after;
        }

        return text.ToString();
    }

    private string Atom()
    {
        var first = _pattern[_at++];
        switch (first)
        {
            case '(':
                if (Next == '?')
                {
                    _at++;
                    Expect(':');
                }

                var inner = Alternatives();
                Expect(')');
                return inner;
            case '[':
                return Pick(Class());
            case '\\':
                return Pick(Escaped());
            case '.':
                return Pick(Written);
            case '*' or '+' or '?' or '{' or '}' or ']':
                throw new FormatException();
            default:
                return first.ToString();
        }
    }

    private string Class()
    {
        var except = Next == '^';
        if (except)
        {
            _at++;
        }

        var members = new StringBuilder();
        var begin = _at;
        while (Next is { } next && (next != ']' || _at == begin))
        {
            if (next == '[')
            {
                throw new FormatException(); // A class by its name, such as [:alpha:].
            }

            _at++;
            if (next == '\\')
            {
                members.Append(Escaped());
            }
            else if (Next == '-' && _at + 1 < _pattern.Length && _pattern[_at + 1] is not (']' or '\\'))
            {
                var last = _pattern[_at + 1];
                _at += 2;
                members.Append([.. Written.Where(letter => letter >= next && letter <= last)]);
            }
            else
            {
                members.Append(next);
            }
        }

        Expect(']');
        var listed = members.ToString();
        return string.Concat(Written.Where(letter => listed.Contains(letter, StringComparison.Ordinal) != except));
    }

    private string Escaped()
    {
        var escaped = Next ?? throw new FormatException();
        _at++;
        return escaped switch
        {
            'd' => "0123456789",
            'w' => Written.Replace("-", "", StringComparison.Ordinal),
            _ when char.IsAsciiLetterOrDigit(escaped) => throw new FormatException(),
            _ => escaped.ToString(),
        };
    }

    private int Count()
    {
        var (least, most) = Next switch
        {
            '*' => (0, int.MaxValue),
            '+' => (1, int.MaxValue),
            '?' => (0, 1),
            '{' => Counted(),
            _ => (1, 1),
        };
        if (Next is '*' or '+' or '?')
        {
            _at++;
        }

        return Math.Clamp(_usual, least, most);
    }

    private (int Least, int Most) Counted()
    {
        var close = _pattern.IndexOf('}', _at);
        var parts = close < 0 ? [] : _pattern[(_at + 1)..close].Split(',');
        if (parts.Length is < 1 or > 2 || !Number(parts[0], out var least))
        {
            throw new FormatException();
        }

        var most = least;
        if (parts is [_, var upper])
        {
            most = upper.Length == 0 ? int.MaxValue : Number(upper, out var given) && given >= least ? given : throw new FormatException();
        }

        _at = close + 1;
        return (least, most);

        static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private void Expect(char letter)
    {
        if (Next != letter)
        {
            throw new FormatException();
        }

        _at++;
    }

    private static string Pick(string letters) =>
        letters.Length == 0 ? throw new FormatException() : letters[RandomNumberGenerator.GetInt32(letters.Length)].ToString();
}
