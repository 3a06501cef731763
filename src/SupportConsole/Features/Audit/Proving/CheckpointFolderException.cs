using SupportConsole.Core;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>Checkpoints can't be published, or read back.</summary>
internal sealed class CheckpointFolderException(string message, Exception? inner = null) : ExplainedException(message, inner);
