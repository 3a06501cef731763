using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>What asking for a list came to.</summary>
internal abstract record RecordListing
{
    private RecordListing()
    {
    }

    /// <summary>PocketBase was asked and answered.</summary>
    public sealed record Read(ReadOutcome<RecordList> Outcome) : RecordListing;

    /// <summary>The filter is none that PocketBase takes of a user.</summary>
    /// <param name="Hints">What may be wrong with it, in sentences.</param>
    public sealed record FilterRefused(IReadOnlyList<string> Hints) : RecordListing;
}
