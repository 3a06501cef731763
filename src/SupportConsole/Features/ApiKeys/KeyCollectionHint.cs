namespace SupportConsole.Features.ApiKeys;

/// <summary>What keys do without.</summary>
/// <param name="Sentence">What that means.</param>
/// <param name="Migration">A PocketBase migration in JavaScript that adds it; null where it is a matter of rules, or of a field that is the app's own.</param>
public sealed record KeyCollectionHint(string Sentence, string? Migration);
