using System.Diagnostics.CodeAnalysis;

namespace SupportConsole.Core.Users;

/// <summary>
/// A user of the app: the record id and the auth collection it lives in. Only values that are safe as URL segments can be
/// made, so an id typed or linked by somebody can't climb out of its path.
/// </summary>
public readonly record struct AppUserId
{
    /// <summary>The collection of PocketBase's own administrators, which is never viewed as.</summary>
    public const string Superusers = "_superusers";

    private AppUserId(string collection, string record)
    {
        Collection = collection;
        Record = record;
    }

    /// <summary>The auth collection's name.</summary>
    public string Collection { get; }

    /// <summary>The record id.</summary>
    public string Record { get; }

    /// <summary>
    /// Reads an id from outside. Collection and record ids are letters, digits, <c>_</c> and <c>-</c>, at most 100 characters
    /// (PocketBase's own ids are 15 of <c>[a-z0-9]</c>; apps may set others). <c>_superusers</c> is refused.
    /// </summary>
    public static bool TryCreate(string? collection, string? record, out AppUserId id)
    {
        id = default;
        if (!IsSegment(collection) || !IsSegment(record)
            || string.Equals(collection, Superusers, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        id = new AppUserId(collection, record);
        return true;
    }

    /// <summary>Whether the text is safe as one URL segment of PocketBase: a collection name, a record id.</summary>
    public static bool IsSegment([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= 100 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <inheritdoc />
    public override string ToString() => $"{Collection}/{Record}";
}
