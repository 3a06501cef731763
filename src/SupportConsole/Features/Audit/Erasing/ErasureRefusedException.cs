using SupportConsole.Core;

namespace SupportConsole.Features.Audit.Erasing;

/// <summary>A rule stands against an erasure; the message says which.</summary>
internal sealed class ErasureRefusedException(string message) : ExplainedException(message);
