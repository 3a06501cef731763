namespace SupportConsole.Core.Audit;

/// <summary>What of an event's names and free text was erased.</summary>
/// <param name="By">When the name and the address of who acted were; null where they weren't.</param>
/// <param name="About">When the name of whom it was about, and what somebody wrote about it, were; null where they weren't.</param>
public sealed record ErasedText(DateTimeOffset? By, DateTimeOffset? About);
