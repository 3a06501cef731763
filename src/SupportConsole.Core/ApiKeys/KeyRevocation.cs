using SupportConsole.Core.Staff;

namespace SupportConsole.Core.ApiKeys;

/// <summary>The end of a key by somebody's will.</summary>
/// <param name="By">Who asked for it.</param>
/// <param name="ByName">Their name then.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When it was proved; null until then.</param>
/// <param name="Proof">What proves it; null until then.</param>
/// <param name="Marked">Whether its account, should it come back, can be told from the one that was revoked.</param>
public sealed record KeyRevocation(
    StaffId By, string ByName, string Reason, DateTimeOffset? At = null, string? Proof = null, bool Marked = false);
