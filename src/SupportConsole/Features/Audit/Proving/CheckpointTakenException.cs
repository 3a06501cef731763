using SupportConsole.Core;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>Where a checkpoint is to be published another one of its size lies. It is left alone: one of the two speaks of another log.</summary>
internal sealed class CheckpointTakenException(string message) : ExplainedException(message);
