using SupportConsole.Core;

namespace SupportConsole.Features.ApiKeys;

/// <summary>A revocation was begun and isn't proved; the message says how far it came.</summary>
internal sealed class KeyNotProvedException(string message, Exception? cause = null) : ExplainedException(message, cause);
