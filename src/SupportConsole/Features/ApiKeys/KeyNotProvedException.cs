using SupportConsole.Core;

namespace SupportConsole.Features.ApiKeys;

/// <summary>
/// A revocation was begun and isn't proved; the message says how far it came. A broken edge and no case: PocketBase stood in the way, and
/// whoever asked can only be told. The console's next try is the keeper's, and not the caller's to see to.
/// </summary>
internal sealed class KeyNotProvedException(string message, Exception? cause = null) : ExplainedException(message, cause);
