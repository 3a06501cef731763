using System.Numerics;

namespace SupportConsole.Core.Audit.Proofs;

/// <summary>
/// Checks what a log says of its Merkle tree against roots that are trusted. Nothing it is given makes it throw: sizes and proofs come
/// from others, and what isn't a proof is no proof.
/// </summary>
/// <remarks>
/// A root says nothing of how many leaves are below it: the same proof may pass for another size. Take size and root from the same
/// checkpoint.
/// </remarks>
public static class MerkleProof
{
    /// <summary>The most hashes that the texts of proofs have room for.</summary>
    public const int MaxLength = 63;

    /// <summary>Whether a proof shows that a leaf is in a tree (RFC 9162, 2.1.3.2).</summary>
    /// <param name="leaf">The leaf's hash.</param>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="size">How many leaves the tree has.</param>
    /// <param name="proof">The hashes beside the way from the leaf to the root, the lowest first.</param>
    /// <param name="root">The tree's root.</param>
    public static bool IncludesLeaf(in TreeHash leaf, long index, long size, ReadOnlySpan<TreeHash> proof, in TreeHash root)
    {
        if (index < 0 || index >= size)
        {
            return false;
        }

        var (node, last) = (index, size - 1);
        var hash = leaf;
        foreach (var beside in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if (IsRightOrLast(node, last))
            {
                hash = TreeHash.Node(beside, hash);
                SkipMissing(ref node, ref last);
            }
            else
            {
                hash = TreeHash.Node(hash, beside);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && hash == root;
    }

    /// <summary>Whether a proof shows that a tree has grown from another and kept its leaves (RFC 9162, 2.1.4.2).</summary>
    /// <param name="oldSize">How many leaves the other has. One without leaves is at the beginning of each tree, which takes no proof.</param>
    /// <param name="oldRoot">The other's root.</param>
    /// <param name="size">How many leaves the tree has.</param>
    /// <param name="root">The tree's root.</param>
    /// <param name="proof">The hashes from which both roots follow.</param>
    public static bool IsConsistent(long oldSize, in TreeHash oldRoot, long size, in TreeHash root, ReadOnlySpan<TreeHash> proof)
    {
        if (oldSize < 0 || oldSize > size || (oldSize == 0 && oldRoot != TreeHash.Empty))
        {
            return false;
        }

        if (oldSize == 0 || oldSize == size)
        {
            return proof.IsEmpty && (oldSize != size || oldRoot == root);
        }

        // The old tree's last complete subtree: where it is the whole old tree, its hash is known and the proof leaves it out.
        var height = BitOperations.TrailingZeroCount(oldSize);
        var isWhole = BitOperations.IsPow2(oldSize);
        if (proof.IsEmpty)
        {
            return false;
        }

        var (node, last) = ((oldSize - 1) >> height, (size - 1) >> height);
        var first = isWhole ? oldRoot : proof[0];
        var (oldHash, hash) = (first, first);
        foreach (var beside in isWhole ? proof : proof[1..])
        {
            if (last == 0)
            {
                return false;
            }

            if (IsRightOrLast(node, last))
            {
                oldHash = TreeHash.Node(beside, oldHash);
                hash = TreeHash.Node(beside, hash);
                SkipMissing(ref node, ref last);
            }
            else
            {
                hash = TreeHash.Node(hash, beside);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && oldHash == oldRoot && hash == root;
    }

    private static bool IsRightOrLast(long node, long last) => (node & 1) == 1 || node == last;

    // At the right edge a node stands for itself on the levels where nothing is beside it.
    private static void SkipMissing(ref long node, ref long last)
    {
        var levels = BitOperations.TrailingZeroCount(node);
        (node, last) = (node >> levels, last >> levels);
    }
}
