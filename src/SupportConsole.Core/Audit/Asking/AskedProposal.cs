namespace SupportConsole.Core.Audit.Asking;

/// <summary>How a term that is being typed may go on.</summary>
/// <param name="Text">The whole query with it.</param>
/// <param name="Words">What is shown of it.</param>
/// <param name="IsWhole">Whether the term is whole by it; after a key alone its value is still to come.</param>
public sealed record AskedProposal(string Text, string Words, bool IsWhole);
