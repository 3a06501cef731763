namespace SupportConsole.Core.Audit.Asking;

/// <summary>What can't be read in a typed query.</summary>
/// <param name="At">Where it begins in the text, from 0, in UTF-16 units.</param>
/// <param name="Length">How long it is; never 0.</param>
/// <param name="Sentence">What is wrong and what to do.</param>
public sealed record AskedFault(int At, int Length, string Sentence);
