using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SupportConsole.Core.Audit.Proofs;

/// <summary>
/// A hash of a Merkle tree (RFC 9162, 2.1.1): of a leaf, of a node, or the root. Its 32 bytes lie where it lies, so that millions of
/// them leave nothing to the collector.
/// </summary>
public readonly struct TreeHash : IEquatable<TreeHash>
{
    /// <summary>How many bytes it has.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    // What is hashed begins with what it is, so that no node can pass for a leaf.
    private const byte LeafPrefix = 0x00;
    private const byte NodePrefix = 0x01;

    private readonly Bytes _bytes;

    private TreeHash(ReadOnlySpan<byte> bytes) => bytes.CopyTo(_bytes);

    /// <summary>The root of a tree without leaves.</summary>
    public static TreeHash Empty { get; } = Of([]);

    /// <summary>The hash that these bytes are.</summary>
    /// <exception cref="ArgumentException">They aren't 32.</exception>
    public static TreeHash FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Length ? new TreeHash(bytes) : throw new ArgumentException($"A hash has {Length} bytes, not {bytes.Length}.", nameof(bytes));

    /// <summary>Reads the text that <see cref="ToString"/> writes, and no other.</summary>
    public static bool TryParse(ReadOnlySpan<char> base64, out TreeHash hash)
    {
        hash = default;
        if (!NoteText.TryReadBase64(base64, out var bytes) || bytes.Length != Length)
        {
            return false;
        }

        hash = new TreeHash(bytes);
        return true;
    }

    /// <summary>The hash of a leaf that holds an entry.</summary>
    public static TreeHash Leaf(ReadOnlySpan<byte> entry)
    {
        var prefixed = ArrayPool<byte>.Shared.Rent(entry.Length + 1);
        try
        {
            prefixed[0] = LeafPrefix;
            entry.CopyTo(prefixed.AsSpan(1));
            return Of(prefixed.AsSpan(0, entry.Length + 1));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(prefixed);
        }
    }

    /// <summary>The hash of the node above two others.</summary>
    public static TreeHash Node(in TreeHash left, in TreeHash right)
    {
        Span<byte> prefixed = stackalloc byte[1 + (2 * Length)];
        prefixed[0] = NodePrefix;
        left.CopyTo(prefixed[1..]);
        right.CopyTo(prefixed[(1 + Length)..]);
        return Of(prefixed);
    }

    /// <summary>Writes its bytes.</summary>
    /// <param name="destination">Where to; at least 32 bytes.</param>
    /// <exception cref="ArgumentException">There is no room.</exception>
    public void CopyTo(Span<byte> destination) => Span.CopyTo(destination);

    /// <inheritdoc/>
    public bool Equals(TreeHash other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TreeHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => MemoryMarshal.Read<int>(Span);

    /// <summary>Its bytes in base64, as checkpoints and proofs write them.</summary>
    public override string ToString() => Convert.ToBase64String(Span);

    /// <summary>Whether two are the same.</summary>
    public static bool operator ==(TreeHash left, TreeHash right) => left.Equals(right);

    /// <summary>Whether two differ.</summary>
    public static bool operator !=(TreeHash left, TreeHash right) => !left.Equals(right);

    [UnscopedRef]
    private ReadOnlySpan<byte> Span => _bytes;

    private static TreeHash Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(bytes, hash);
        return new TreeHash(hash);
    }

    [InlineArray(Length)]
    private struct Bytes
    {
        private byte _first;
    }
}
