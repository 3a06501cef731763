namespace SupportConsole.Features.ApiKeys;

/// <summary>Why no key can be made, and what mends it.</summary>
/// <param name="Sentence">What is wrong and what to do.</param>
/// <param name="Migration">A PocketBase migration in JavaScript.</param>
public sealed record KeyCollectionFault(string Sentence, string Migration);
