using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>A checkpoint as the console's database has it.</summary>
/// <param name="Size">Over how many events.</param>
/// <param name="MadeAt">When it was signed.</param>
/// <param name="Text">The signed note.</param>
/// <param name="IsPublished">Whether it lies in the folder outside.</param>
internal sealed record StoredCheckpoint(long Size, DateTimeOffset MadeAt, string Text, bool IsPublished)
{
    /// <summary>The note; null where the text is none.</summary>
    public SignedNote? Note => SignedNote.TryRead(Text, out var note) ? note : null;
}
