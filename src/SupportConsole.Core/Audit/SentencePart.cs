namespace SupportConsole.Core.Audit;

/// <summary>A piece of a sentence.</summary>
/// <param name="Text">What is read: one line, of a bounded length, which turns nothing around it.</param>
/// <param name="Role">What it stands for.</param>
/// <param name="Id">Of a person what finds them: the staff id, or <c>collection/id</c>; null for words.</param>
public sealed record SentencePart(string Text, SentenceRole Role = SentenceRole.Words, string? Id = null);
