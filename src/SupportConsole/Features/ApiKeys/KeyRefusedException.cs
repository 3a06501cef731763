using SupportConsole.Core;

namespace SupportConsole.Features.ApiKeys;

/// <summary>A rule stands against a change of keys; the message says which. Recorded.</summary>
internal sealed class KeyRefusedException(string message) : ExplainedException(message);

/// <summary>Something else is changing keys and doesn't come to an end. Nothing was begun.</summary>
internal sealed class KeysBusyException() : ExplainedException(
    "Somebody else is changing API keys at this moment, here or from the server's command line. Nothing was done. Try again in half a minute.");

/// <summary>A revocation was begun and isn't proved; the message says how far it came.</summary>
internal sealed class KeyNotProvedException(string message, Exception? cause = null) : ExplainedException(message, cause);
