using SupportConsole.Core;

namespace SupportConsole.Features.ApiKeys;

/// <summary>
/// Something else is changing keys and doesn't come to an end. Nothing was begun. It only tells a person why; who looks again anyway asks
/// with <see cref="KeyGate.TryEnterAsync"/>.
/// </summary>
internal sealed class KeysBusyException() : ExplainedException(
    "Somebody else is changing API keys at this moment, here or from the server's command line. Nothing was done. Try again in half a minute.");
