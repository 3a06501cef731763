using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics;

namespace SupportConsole.Core.Audit.Proofs;

/// <summary>
/// A Merkle tree that is kept as tiles: what can be said and proved of each of its sizes. A call asks for a tile at most once, and only
/// for tiles that a tree of the named size has, as wide as it makes them. What the tiles hold is taken as it is: whether a root or a
/// proof is right shows against a root that is trusted.
/// </summary>
/// <param name="tiles">
/// Gets the hashes of a tile, one after the other. There may be more than asked, where the tree has grown since.
/// </param>
public sealed class TileTree(Func<HashTile, ReadOnlyMemory<byte>> tiles)
{
    // Roots of subtrees, by the leaves that they are over, which stay what they are. Neighbours' proofs share nearly all of them.
    private readonly ConcurrentDictionary<(long Start, long End), TreeHash> _roots = [];

    /// <summary>The root of the tree when it had a number of leaves.</summary>
    /// <param name="size">How many; at most as many as the tree has.</param>
    /// <exception cref="InvalidDataException">A tile has the wrong length.</exception>
    public TreeHash RootOf(long size) => FrontierOf(size).Root();

    /// <summary>The right edge of the tree when it had a number of leaves, from which it can grow.</summary>
    /// <param name="size">How many; at most as many as the tree has.</param>
    /// <exception cref="InvalidDataException">A tile has the wrong length.</exception>
    public TreeFrontier FrontierOf(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var nodes = new Nodes(tiles, size, _roots);
        var hashes = new List<TreeHash>();
        var done = 0L;
        while (done < size)
        {
            var height = BitOperations.Log2((ulong)(size - done));
            hashes.Add(nodes.Complete(done >> height, height));
            done += 1L << height;
        }

        return new TreeFrontier(size, hashes);
    }

    /// <summary>Proves that a leaf is in the tree (RFC 9162, 2.1.3.1); see <see cref="MerkleProof.IncludesLeaf"/>.</summary>
    /// <param name="index">The leaf's place, from 0.</param>
    /// <param name="size">How many leaves the tree has whose root it is proved against.</param>
    /// <returns>The hashes beside the way from the leaf to the root, the lowest first.</returns>
    /// <exception cref="InvalidDataException">A tile has the wrong length.</exception>
    public ImmutableArray<TreeHash> ProveInclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var nodes = new Nodes(tiles, size, _roots);
        var proof = ImmutableArray.CreateBuilder<TreeHash>();
        Climb(0, size);
        return proof.ToImmutable();

        void Climb(long start, long end)
        {
            if (end - start == 1)
            {
                return;
            }

            var middle = Middle(start, end);
            if (index < middle)
            {
                Climb(start, middle);
                proof.Add(nodes.Over(middle, end));
            }
            else
            {
                Climb(middle, end);
                proof.Add(nodes.Over(start, middle));
            }
        }
    }

    /// <summary>Proves that the tree has only grown (RFC 9162, 2.1.4.1); see <see cref="MerkleProof.IsConsistent"/>.</summary>
    /// <param name="oldSize">How many leaves it had.</param>
    /// <param name="size">How many it has.</param>
    /// <returns>The hashes from which both roots follow; none if the sizes are the same, or the old one is 0.</returns>
    /// <exception cref="InvalidDataException">A tile has the wrong length.</exception>
    public ImmutableArray<TreeHash> ProveConsistency(long oldSize, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, size);
        if (oldSize == 0)
        {
            return [];
        }

        var nodes = new Nodes(tiles, size, _roots);
        var proof = ImmutableArray.CreateBuilder<TreeHash>();
        Climb(0, size);
        return proof.ToImmutable();

        void Climb(long start, long end)
        {
            if (end == oldSize)
            {
                // From the very left this is the old root, which whoever checks the proof has.
                if (start > 0)
                {
                    proof.Add(nodes.Over(start, end));
                }

                return;
            }

            var middle = Middle(start, end);
            if (oldSize <= middle)
            {
                Climb(start, middle);
                proof.Add(nodes.Over(middle, end));
            }
            else
            {
                Climb(middle, end);
                proof.Add(nodes.Over(start, middle));
            }
        }
    }

    // The left side is as large as a complete subtree can be that leaves something to the right.
    private static long Middle(long start, long end) => start + (1L << BitOperations.Log2((ulong)(end - start - 1)));

    /// <summary>The nodes of the tree at one size, by the leaves below them.</summary>
    private sealed class Nodes(Func<HashTile, ReadOnlyMemory<byte>> tiles, long size, ConcurrentDictionary<(long Start, long End), TreeHash> roots)
    {
        private readonly Dictionary<HashTile, ReadOnlyMemory<byte>> _known = [];

        public TreeHash Over(long start, long end)
        {
            if (BitOperations.IsPow2(end - start))
            {
                var height = BitOperations.Log2((ulong)(end - start));
                return Complete(start >> height, height);
            }

            if (!roots.TryGetValue((start, end), out var root))
            {
                var middle = Middle(start, end);
                roots[(start, end)] = root = TreeHash.Node(Over(start, middle), Over(middle, end));
            }

            return root;
        }

        /// <summary>The root of a complete subtree: by its place among those of its height, which all lie in one tile's span.</summary>
        public TreeHash Complete(long place, int height)
        {
            var leaves = (place << height, (place + 1) << height);
            if (roots.TryGetValue(leaves, out var known))
            {
                return known;
            }

            var (level, within) = Math.DivRem(height, HashTile.Height);
            var first = place << within;
            var hashes = Read(HashTile.At(level, first >> HashTile.Height, size)).Span;
            var root = Root(hashes.Slice((int)(first % HashTile.FullWidth) * TreeHash.Length, TreeHash.Length << within));
            if (within > 0)
            {
                roots[leaves] = root;
            }

            return root;
        }

        private static TreeHash Root(ReadOnlySpan<byte> hashes)
        {
            var half = hashes.Length / 2;
            return hashes.Length == TreeHash.Length ? TreeHash.FromBytes(hashes) : TreeHash.Node(Root(hashes[..half]), Root(hashes[half..]));
        }

        private ReadOnlyMemory<byte> Read(HashTile tile)
        {
            if (!_known.TryGetValue(tile, out var hashes))
            {
                hashes = tiles(tile);
                if (hashes.Length < tile.Length || hashes.Length > HashTile.FullWidth * TreeHash.Length || hashes.Length % TreeHash.Length != 0)
                {
                    throw new InvalidDataException($"{tile.Path} has {hashes.Length} bytes where {tile.Length} belong.");
                }

                _known.Add(tile, hashes);
            }

            return hashes;
        }
    }
}
