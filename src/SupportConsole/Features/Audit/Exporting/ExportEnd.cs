namespace SupportConsole.Features.Audit.Exporting;

/// <summary>How an export ended.</summary>
/// <param name="At">When.</param>
/// <param name="Why">Why it isn't whole, in whole sentences; null where it is.</param>
/// <param name="IsRefusal">Whether nothing of it went out.</param>
public sealed record ExportEnd(DateTimeOffset At, string? Why = null, bool IsRefusal = false);
