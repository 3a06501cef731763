using SupportConsole.Core.ApiKeys;

namespace SupportConsole.Features.ApiKeys.Ending;

/// <summary>How far one key of an emergency has come.</summary>
internal enum KeyProgressState
{
    /// <summary>Its turn has yet to come.</summary>
    Waiting,

    /// <summary>It is being revoked.</summary>
    Working,

    /// <summary>It is revoked, and that proved.</summary>
    Revoked,

    /// <summary>It isn't proved yet; the console tries again.</summary>
    NotProved,
}

/// <summary>One key of an emergency.</summary>
/// <param name="Key">The key as it is by then.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Explanation">What stands in the way; null otherwise.</param>
internal sealed record KeyProgress(ApiKey Key, KeyProgressState State, string? Explanation = null);
