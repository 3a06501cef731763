namespace SupportConsole.Features.ViewAs.Records;

/// <summary>The last record of a page: where the next one continues. Holds in a list that grows meanwhile.</summary>
/// <param name="Created">Its creation as PocketBase wrote it; empty where there is none.</param>
/// <param name="Id">Its id.</param>
internal sealed record RecordCursor(string Created, string Id)
{
    /// <summary>Stands for a time that the app doesn't show to the user: the list goes on by id alone.</summary>
    public const string Untimed = "-";

    // Stands in no time of PocketBase's.
    private const char Between = '~';

    /// <summary>As a part of an address.</summary>
    public override string ToString() => $"{Created}{Between}{Id}";

    /// <summary>Reads a part of an address; null for what is none, which is the first page.</summary>
    public static RecordCursor? Parse(string? text) => text?.Split(Between, 2) is [var created, { Length: > 0 } id]
        && created.All(c => char.IsAsciiDigit(c) || c is ' ' or '-' or ':' or '.' or 'Z' or 'T') ? new RecordCursor(created, id) : null;
}
