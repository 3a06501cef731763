using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SupportConsole.Core.Audit.Proofs;

/// <summary>
/// That an entry is in a log, to be checked without the log (c2sp.org/tlog-proof). Whether it is so shows when the checkpoint's signatures
/// are checked, and the hashes with <see cref="MerkleProof.IncludesLeaf"/>.
/// </summary>
/// <param name="Index">The entry's place, from 0.</param>
/// <param name="Hashes">The hashes beside the way from the leaf to the root, the lowest first.</param>
/// <param name="Checkpoint">The log's checkpoint, with its signatures.</param>
/// <param name="Extra">What the writer wants to add; nothing vouches for it. Empty for nothing.</param>
/// <exception cref="ArgumentException">A part can't be written.</exception>
public sealed record LogProof(long Index, ImmutableArray<TreeHash> Hashes, SignedNote Checkpoint, ImmutableArray<byte> Extra)
{
    private const string Header = "c2sp.org/tlog-proof@v1";
    private const string ExtraWord = "extra ";
    private const string IndexWord = "index ";

    /// <summary>The entry's place, from 0.</summary>
    public long Index { get; } = Index >= 0 ? Index : throw new ArgumentOutOfRangeException(nameof(Index), Index, "The first place is 0.");

    /// <summary>The hashes beside the way from the leaf to the root, the lowest first.</summary>
    public ImmutableArray<TreeHash> Hashes { get; } =
        !Hashes.IsDefault && Hashes.Length <= MerkleProof.MaxLength ? Hashes : throw new ArgumentException("No proof is as long.", nameof(Hashes));

    /// <summary>The log's checkpoint, with its signatures.</summary>
    public SignedNote Checkpoint { get; } =
        NoteText.IsCheckpoint(Checkpoint) ? Checkpoint : throw new ArgumentException("The note is no checkpoint.", nameof(Checkpoint));

    /// <summary>What the writer added; nothing vouches for it. Empty for nothing.</summary>
    public ImmutableArray<byte> Extra { get; } = Extra.IsDefault ? [] : Extra;

    /// <summary>Reads what <see cref="ToString"/> writes, and nothing else.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out LogProof? proof)
    {
        proof = null;
        if (!NoteText.TryPart(text, out var lines, out var checkpoint) || lines is not [Header, .. var rest])
        {
            return false;
        }

        ReadOnlySpan<byte> extra = [];
        if (rest is [var first, .. var afterExtra] && first.StartsWith(ExtraWord, StringComparison.Ordinal))
        {
            if (!NoteText.TryReadBase64(first.AsSpan(ExtraWord.Length), out extra) || extra.IsEmpty)
            {
                return false;
            }

            rest = afterExtra;
        }

        if (rest is not [var place, .. var hashLines] || !place.StartsWith(IndexWord, StringComparison.Ordinal)
            || !NoteText.TryReadNumber(place.AsSpan(IndexWord.Length), out var index) || !NoteText.TryReadHashes(hashLines, out var hashes))
        {
            return false;
        }

        proof = new LogProof(index, hashes, checkpoint, [.. extra]);
        return true;
    }

    /// <summary>The proof as it is kept beside what it is about.</summary>
    public override string ToString()
    {
        var extra = Extra.IsEmpty ? "" : $"{ExtraWord}{Convert.ToBase64String(Extra.AsSpan())}\n";
        return string.Create(
            CultureInfo.InvariantCulture, $"{Header}\n{extra}{IndexWord}{Index}\n{string.Concat(Hashes.Select(hash => $"{hash}\n"))}\n{Checkpoint}");
    }
}
