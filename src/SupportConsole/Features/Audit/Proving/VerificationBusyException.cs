using SupportConsole.Core;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>One verification at a time: two would only take each other's time.</summary>
internal sealed class VerificationBusyException()
    : ExplainedException("The log is being verified at this moment, by somebody else or in another window. Load this page again to see its verdict.");
