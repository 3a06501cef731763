using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>Checkpoints can't be signed. Events are recorded all the same; what nobody has signed, nobody outside can hold the console to.</summary>
internal sealed class SigningKeyException : PlacedException
{
    private const string Setting = $"{AuditOptions.SectionName}:{nameof(AuditOptions.SigningKeyFile)}";

    private SigningKeyException(string message, string file, Exception? fault = null)
        : base(message, file, fault)
    {
    }

    /// <summary>The file can't be opened or written.</summary>
    public static SigningKeyException Closed(string file, Exception fault) => new(
        $"The file of the audit log's signing keys ({Setting}) can't be used: {FileFault.WithoutPath(fault)}. Events go on being recorded, but no checkpoint is signed. Let the console's account read and write it.", file, fault);

    /// <summary>The file holds something else.</summary>
    public static SigningKeyException Unreadable(string file) => new(
        $"The file of the audit log's signing keys ({Setting}) holds a line that is no signing key. Events go on being recorded, but no checkpoint is signed. Restore the file from its backup.", file);

    /// <summary>None of the keys that signed so far is there.</summary>
    public static SigningKeyException Lost(string file) => new(
        $"None of the keys that signed the audit log so far is in their file ({Setting}). Events go on being recorded, but no checkpoint is signed. Restore the file from its backup; where there is none, run `audit replace-key --lost`, and tell everybody who keeps the log's public key.", file);
}
