using SupportConsole.Core;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>Checkpoints can't be signed. Events are recorded all the same; what nobody has signed, nobody outside can hold the console to.</summary>
internal sealed class SigningKeyException : ExplainedException
{
    private SigningKeyException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>The file can't be opened or written.</summary>
    public static SigningKeyException Closed(string file, Exception fault) => new(
        $"The file of the audit log's signing keys, {file}, can't be used: {fault.Message} Events go on being recorded, but no checkpoint is signed. Let the console's account read and write it.", fault);

    /// <summary>The file holds something else.</summary>
    public static SigningKeyException Unreadable(string file) => new(
        $"The file {file} holds a line that is no signing key. Events go on being recorded, but no checkpoint is signed. Restore the file from its backup.");

    /// <summary>None of the keys that signed so far is there.</summary>
    public static SigningKeyException Lost(string file) => new(
        $"None of the keys that signed the audit log so far is in {file}. Events go on being recorded, but no checkpoint is signed. Restore the file from its backup; where there is none, run `audit replace-key --lost`, and tell everybody who keeps the log's public key.");
}
