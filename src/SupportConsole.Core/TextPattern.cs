using System.Text.RegularExpressions;

namespace SupportConsole.Core;

/// <summary>What the texts of a field look like, such as the ids of a collection: a regular expression and a length.</summary>
public sealed class TextPattern
{
    private readonly Regex? _pattern;
    private readonly int _min;
    private readonly int _max;

    private TextPattern(Regex? pattern, int min, int max)
    {
        _pattern = pattern;
        _min = min;
        _max = max;
    }

    /// <summary>Takes every text.</summary>
    public static TextPattern Anything { get; } = new(null, 0, 0);

    /// <summary>
    /// The pattern of a field. PocketBase's expressions are Go's (RE2), which .NET reads alike as far as ids go; one that it can't read
    /// lets every text through and leaves the word to PocketBase.
    /// </summary>
    /// <param name="pattern">The expression; empty for any text.</param>
    /// <param name="min">The fewest characters; 0 for no limit.</param>
    /// <param name="max">The most characters; 0 for no limit.</param>
    public static TextPattern Of(string pattern, int min, int max)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return new TextPattern(Compile(pattern), min, max);
    }

    /// <summary>Whether a field of this pattern can hold the text.</summary>
    public bool Fits(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var length = text.EnumerateRunes().Count();
        return length >= _min && (_max == 0 || length <= _max) && _pattern?.IsMatch(text) != false;
    }

    private static Regex? Compile(string pattern)
    {
        // Go's named classes are letters in brackets to .NET, and what .NET subtracts from a class are characters of it to Go.
        if (pattern.Length == 0 || pattern.Contains("[:", StringComparison.Ordinal) || pattern.Contains("-[", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            // Linear in the text's length, whatever the app's pattern looks like; Go's expressions are so by themselves.
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
