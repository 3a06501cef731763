namespace SupportConsole.Features.ViewAs.Explaining;

/// <summary>Where a session explains why its user can or can't see a record.</summary>
internal static class WhyAddress
{
    /// <summary>The address of an explanation.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="collection">The record's collection; null where the record is to be looked for.</param>
    /// <param name="record">The record's id.</param>
    public static string Of(string sessionId, string? collection, string record) =>
        $"sessions/{sessionId}/why{(collection is null ? "" : $"/{Uri.EscapeDataString(collection)}")}?record={Uri.EscapeDataString(record)}";
}
