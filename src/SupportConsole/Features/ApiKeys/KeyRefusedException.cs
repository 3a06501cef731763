using SupportConsole.Core;

namespace SupportConsole.Features.ApiKeys;

/// <summary>A rule stands against a change of keys; the message says which. Recorded.</summary>
internal sealed class KeyRefusedException(string message) : ExplainedException(message);
