using SupportConsole.Core;

namespace SupportConsole.Features.Audit.Retaining;

/// <summary>A purge isn't begun yet: what would go hasn't left the house to everybody who is to have it.</summary>
internal sealed class PurgeWaitsException() : ExplainedException("The purge waits until every sink has the events that would go.");
