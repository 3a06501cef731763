using System.Text.RegularExpressions;

namespace SupportConsole.Core.Users;

/// <summary>What the ids of a collection look like, by the collection's own <c>id</c> field.</summary>
public sealed class IdPattern
{
    private readonly Regex? _pattern;
    private readonly int _min;
    private readonly int _max;

    private IdPattern(Regex? pattern, int min, int max)
    {
        _pattern = pattern;
        _min = min;
        _max = max;
    }

    /// <summary>Ids as PocketBase makes them where an app says nothing else.</summary>
    public static IdPattern Default { get; } = Of("^[a-z0-9]+$", 15, 15);

    /// <summary>
    /// The pattern of an <c>id</c> field. PocketBase's expressions are Go's, which .NET reads alike as far as ids go; one that it can't
    /// read lets every id through, since a wrong guess here would hide a user.
    /// </summary>
    /// <param name="pattern">The expression; empty for any text.</param>
    /// <param name="min">The fewest characters; 0 for no limit.</param>
    /// <param name="max">The most characters; 0 for no limit.</param>
    public static IdPattern Of(string pattern, int min, int max)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return new IdPattern(Compile(pattern), min, max);
    }

    /// <summary>Whether a record of the collection can have this id.</summary>
    public bool Fits(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!AppUserId.IsRecordId(id))
        {
            return false;
        }

        var length = id.EnumerateRunes().Count();
        return length >= _min && (_max == 0 || length <= _max) && _pattern?.IsMatch(id) != false;
    }

    private static Regex? Compile(string pattern)
    {
        if (pattern.Length == 0)
        {
            return null;
        }

        try
        {
            // Linear in the id's length, whatever the app's pattern looks like; Go's expressions are so by themselves.
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
