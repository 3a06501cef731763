using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SupportConsole.Core.Users;

/// <summary>
/// Writes text as a literal of PocketBase's filter language, so that the server compares with exactly that text and nothing
/// in it is read as filter. Every encoder is a single pass; text already encoded is never substituted into.
/// </summary>
public static class PocketBaseFilter
{
    /// <summary>The longest filter a server accepts, in UTF-8 bytes.</summary>
    public const int MaxBytes = 3500;

    private const char Quote = '"';

    /// <summary>
    /// Writes a literal for <c>=</c> and its like. False for text that can't be written: with a NUL or half a surrogate
    /// pair, too long for any filter, or (<see cref="FilterGrammar.Legacy"/>) with a backslash at its end.
    /// </summary>
    public static bool TryLiteral(FilterGrammar grammar, string value, [NotNullWhen(true)] out string? literal)
    {
        ArgumentNullException.ThrowIfNull(value);

        literal = null;
        if (!IsWritable(value) || (grammar == FilterGrammar.Legacy && value.EndsWith('\\')))
        {
            return false;
        }

        var text = new StringBuilder(value.Length + 8).Append(Quote);
        foreach (var c in value)
        {
            if (c == Quote || (c == '\\' && grammar == FilterGrammar.Modern))
            {
                text.Append('\\');
            }

            text.Append(c);
        }

        literal = text.Append(Quote).ToString();
        if (Fits(literal))
        {
            return true;
        }

        literal = null;
        return false;
    }

    /// <summary>
    /// Writes a literal for <c>~</c> that finds exactly this text anywhere in a field (ASCII letters in any case). Without
    /// it <c>%</c> and <c>_</c> would be wildcards. False as with <see cref="TryLiteral"/>, and for the empty text, which
    /// everything contains.
    /// </summary>
    public static bool TryContains(FilterGrammar grammar, string value, [NotNullWhen(true)] out string? literal)
    {
        ArgumentNullException.ThrowIfNull(value);

        literal = null;
        if (value.Length == 0)
        {
            return false;
        }

        // The closing % also keeps a trailing backslash away from the quote, so the older grammar can write it here.
        var pattern = new StringBuilder(value.Length + 8).Append('%');
        foreach (var c in value)
        {
            if (c is '\\' or '%' or '_')
            {
                pattern.Append('\\');
            }

            pattern.Append(c);
        }

        return TryLiteral(grammar, pattern.Append('%').ToString(), out literal);
    }

    /// <summary><see cref="TryLiteral"/> for text known to be writable, such as a record id.</summary>
    /// <exception cref="ArgumentException">The text can't be written.</exception>
    public static string Literal(FilterGrammar grammar, string value) =>
        TryLiteral(grammar, value, out var literal) ? literal : throw Unwritable();

    /// <summary><see cref="TryContains"/> for text known to be writable.</summary>
    /// <exception cref="ArgumentException">The text can't be written.</exception>
    public static string Contains(FilterGrammar grammar, string value) =>
        TryContains(grammar, value, out var literal) ? literal : throw Unwritable();

    /// <summary>Whether a whole filter is short enough for the server.</summary>
    public static bool Fits(string filter) => Encoding.UTF8.GetByteCount(filter) <= MaxBytes;

    /// <summary>
    /// Whether a filter that somebody wrote is one by itself: its quotes end and its brackets close within it. Any other could end the
    /// brackets that are put around it, and then it would say something else than it says. A bracket in a comment counts: PocketBase looks
    /// for the end of a group without a thought for comments (measured, 0.39.1).
    /// </summary>
    /// <param name="grammar">How the server reads filters: to the older grammar a quote after any backslash is part of the text.</param>
    /// <param name="filter">The filter.</param>
    public static bool StandsAlone(FilterGrammar grammar, string filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var open = 0;
        for (var i = 0; i < filter.Length; i++)
        {
            switch (filter[i])
            {
                case '"' or '\'' when EndOfText(grammar, filter, i) is var end:
                    if (end < 0)
                    {
                        return false;
                    }

                    i = end;
                    break;
                case '(':
                    open++;
                    break;
                case ')' when --open < 0:
                    return false;
            }
        }

        return open == 0;
    }

    /// <summary>The same where it isn't known how the server reads filters: whichever way it does.</summary>
    public static bool StandsAlone(string filter) => StandsAlone(FilterGrammar.Legacy, filter) && StandsAlone(FilterGrammar.Modern, filter);

    /// <summary>Whether the filter language takes a field's name: to it one that begins with a digit is a number (measured, 0.39.1).</summary>
    public static bool TakesName(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return field.Length > 0 && !char.IsAsciiDigit(field[0]);
    }

    private static int EndOfText(FilterGrammar grammar, string filter, int start)
    {
        for (var i = start + 1; i < filter.Length; i++)
        {
            if (filter[i] == '\\' && grammar == FilterGrammar.Modern)
            {
                i++;
            }
            else if (filter[i] == filter[start] && (grammar == FilterGrammar.Modern || filter[i - 1] != '\\'))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsWritable(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\0' || char.IsLowSurrogate(value[i]))
            {
                return false;
            }

            if (char.IsHighSurrogate(value[i]) && (++i == value.Length || !char.IsLowSurrogate(value[i])))
            {
                return false;
            }
        }

        return true;
    }

    private static ArgumentException Unwritable() => new("The text can't be written as a filter literal.", "value");
}
