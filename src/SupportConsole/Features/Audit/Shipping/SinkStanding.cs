namespace SupportConsole.Features.Audit.Shipping;

/// <summary>How it stands with a sink.</summary>
/// <param name="Label">What it is in a sentence.</param>
/// <param name="Position">The newest event that it has.</param>
/// <param name="Waiting">How many events wait for it.</param>
/// <param name="IsMore">Whether they are more than those, which were counted no further.</param>
/// <param name="Fault">Why it takes nothing, as the end of a sentence; null while it does.</param>
/// <param name="Since">Since when.</param>
internal sealed record SinkStanding(string Label, long Position, long Waiting, bool IsMore, string? Fault, DateTimeOffset? Since);
