using SupportConsole.Core;

namespace SupportConsole.Demo;

/// <summary>The demo's PocketBase can't be started; the message says what is missing and the ways out.</summary>
internal sealed class DemoUnavailableException(string message) : ExplainedException(message);
