using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SupportConsole.Core.Users;

/// <summary>
/// A user of the app: the record id and the auth collection it lives in. Only ids that PocketBase itself would take can be made,
/// so one that was typed or linked by somebody, written into an address with <see cref="EscapedRecord"/>, can't climb out of its path.
/// </summary>
public readonly record struct AppUserId
{
    /// <summary>The longest record id handled, in characters. PocketBase has no limit of its own; the longest ids met are 36.</summary>
    public const int MaximumRecordLength = 500;

    // What PocketBase refuses in a primary key, whatever the collection's own pattern (measured, 0.36.8 to 0.40.4).
    private static readonly SearchValues<char> s_forbidden = SearchValues.Create("./\\|\"'`<>:?*%$ ");

    private AppUserId(string collection, string record)
    {
        Collection = collection;
        Record = record;
    }

    /// <summary>The auth collection's name.</summary>
    public string Collection { get; }

    /// <summary>The record id.</summary>
    public string Record { get; }

    /// <summary>The record id as one segment of an address.</summary>
    public string EscapedRecord => Uri.EscapeDataString(Record);

    /// <summary>Reads an id from outside: see <see cref="PocketBaseName"/> and <see cref="IsRecordId"/>. <c>_superusers</c> is refused.</summary>
    public static bool TryCreate(string? collection, string? record, out AppUserId id)
    {
        id = default;
        if (!PocketBaseName.IsValid(collection) || !IsRecordId(record) || PocketBaseName.IsSuperusers(collection))
        {
            return false;
        }

        id = new AppUserId(collection, record);
        return true;
    }

    /// <summary>
    /// Whether the text can be the id of a record. Apps choose the pattern of their ids, and letters of any script are allowed; what
    /// PocketBase refuses in every id is refused here too. Ids of view collections obey no rule.
    /// </summary>
    public static bool IsRecordId([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaximumRecordLength } && text.AsSpan().IndexOfAny(s_forbidden) < 0
        && !text.Any(char.IsControl) && !HasLoneSurrogate(text);

    /// <inheritdoc />
    public override string ToString() => $"{Collection}/{Record}";

    // Half a character can't be written into a request.
    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }
}
