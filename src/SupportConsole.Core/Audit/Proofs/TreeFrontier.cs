using System.Collections.Immutable;
using System.Numerics;

namespace SupportConsole.Core.Audit.Proofs;

/// <summary>
/// The right edge of a Merkle tree: the roots of its complete subtrees, the largest first. It is all that is needed to add leaves and to
/// say the root. Not for use by several threads at once.
/// </summary>
public sealed class TreeFrontier
{
    // A complete subtree for each bit of the size, which has 63.
    private const int Most = 63;

    private readonly TreeHash[] _hashes = new TreeHash[Most];
    private int _count;

    /// <summary>The edge of a tree without leaves.</summary>
    public TreeFrontier()
    {
    }

    /// <summary>The edge of a tree that was kept.</summary>
    /// <param name="size">How many leaves it has.</param>
    /// <param name="hashes">The roots of its complete subtrees, the largest first: as many as the size has bits set.</param>
    /// <exception cref="ArgumentException">The hashes are more or fewer.</exception>
    public TreeFrontier(long size, IEnumerable<TreeHash> hashes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentNullException.ThrowIfNull(hashes);
        var expected = BitOperations.PopCount((ulong)size);
        foreach (var hash in hashes)
        {
            if (_count == expected)
            {
                throw Miscounted();
            }

            _hashes[_count++] = hash;
        }

        if (_count != expected)
        {
            throw Miscounted();
        }

        Size = size;

        ArgumentException Miscounted() => new($"The edge of a tree of {size} leaves has {expected} hashes.", nameof(hashes));
    }

    /// <summary>How many leaves the tree has.</summary>
    public long Size { get; private set; }

    /// <summary>The roots of its complete subtrees as they are now, the largest first.</summary>
    public ImmutableArray<TreeHash> Hashes => [.. _hashes.AsSpan(0, _count)];

    /// <summary>Adds a leaf at the right.</summary>
    /// <exception cref="InvalidOperationException">The tree has <see cref="long.MaxValue"/> leaves.</exception>
    public void Append(TreeHash leaf)
    {
        if (Size == long.MaxValue)
        {
            throw new InvalidOperationException("The tree is full.");
        }

        // As in counting: each subtree as large as what is carried becomes one with it.
        var carried = leaf;
        for (var rest = Size; (rest & 1) == 1; rest >>= 1)
        {
            carried = TreeHash.Node(_hashes[--_count], carried);
        }

        _hashes[_count++] = carried;
        Size++;
    }

    /// <summary>The root of the tree.</summary>
    public TreeHash Root()
    {
        if (_count == 0)
        {
            return TreeHash.Empty;
        }

        var root = _hashes[_count - 1];
        for (var place = _count - 2; place >= 0; place--)
        {
            root = TreeHash.Node(_hashes[place], root);
        }

        return root;
    }
}
