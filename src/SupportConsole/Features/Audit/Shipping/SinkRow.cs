namespace SupportConsole.Features.Audit.Shipping;

/// <summary>What is kept of a sink.</summary>
/// <param name="Position">The newest event that it has.</param>
/// <param name="Fault">Why it takes nothing, as the end of a sentence; null while it does.</param>
/// <param name="Since">Since when.</param>
internal sealed record SinkRow(long Position, string? Fault, DateTimeOffset? Since);
