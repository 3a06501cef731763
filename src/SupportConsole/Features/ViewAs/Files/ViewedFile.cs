using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Files;

/// <summary>A file that the user sees, ready to be sent on: asked for, proved and recorded.</summary>
/// <param name="File">What is left of it.</param>
/// <param name="Beginning">Its first bytes, which were read to learn what it is.</param>
/// <param name="Over">Cancelled when the session ends: what isn't sent by then never is.</param>
internal sealed record ViewedFile(PocketBaseFile File, ReadOnlyMemory<byte> Beginning, CancellationToken Over)
{
    /// <summary>What it is.</summary>
    public FileKind Kind { get; } = FileKind.Of(Beginning.Span);
}
