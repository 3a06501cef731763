using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SupportConsole.Core.Audit.Proofs;

/// <summary>What a log sends to a witness to have a checkpoint cosigned (c2sp.org/tlog-witness, add-checkpoint).</summary>
/// <param name="OldSize">The size of the checkpoint that the witness cosigned last, 0 for none.</param>
/// <param name="Hashes">The proof that the tree has grown from that size; see <see cref="TileTree.ProveConsistency"/>.</param>
/// <param name="Checkpoint">The new checkpoint, with the log's signature.</param>
/// <exception cref="ArgumentException">A part can't be written.</exception>
public sealed record WitnessRequest(long OldSize, ImmutableArray<TreeHash> Hashes, SignedNote Checkpoint)
{
    private const string OldWord = "old ";

    /// <summary>The size of the checkpoint that the witness cosigned last, 0 for none.</summary>
    public long OldSize { get; } =
        OldSize >= 0 ? OldSize : throw new ArgumentOutOfRangeException(nameof(OldSize), OldSize, "A tree has no fewer leaves than none.");

    /// <summary>The proof that the tree has grown from that size.</summary>
    public ImmutableArray<TreeHash> Hashes { get; } =
        !Hashes.IsDefault && Hashes.Length <= MerkleProof.MaxLength ? Hashes : throw new ArgumentException("No proof is as long.", nameof(Hashes));

    /// <summary>The new checkpoint, with the log's signature.</summary>
    public SignedNote Checkpoint { get; } =
        NoteText.IsCheckpoint(Checkpoint) ? Checkpoint : throw new ArgumentException("The note is no checkpoint.", nameof(Checkpoint));

    /// <summary>Reads what <see cref="ToString"/> writes, and nothing else.</summary>
    public static bool TryRead(string? body, [NotNullWhen(true)] out WitnessRequest? request)
    {
        request = null;
        if (!NoteText.TryPart(body, out var lines, out var checkpoint)
            || lines is not [var old, .. var hashLines] || !old.StartsWith(OldWord, StringComparison.Ordinal)
            || !NoteText.TryReadNumber(old.AsSpan(OldWord.Length), out var oldSize) || !NoteText.TryReadHashes(hashLines, out var hashes))
        {
            return false;
        }

        request = new WitnessRequest(oldSize, hashes, checkpoint);
        return true;
    }

    /// <summary>The body that is sent.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{OldWord}{OldSize}\n{string.Concat(Hashes.Select(hash => $"{hash}\n"))}\n{Checkpoint}");
}
