using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>Checkpoints can't be published, or read back.</summary>
internal sealed class CheckpointFolderException(string message, string folder, Exception fault) : PlacedException(message, folder, fault);
