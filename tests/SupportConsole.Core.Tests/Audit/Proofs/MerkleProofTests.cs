using CsCheck;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Core.Tests.Audit.Proofs;

public sealed class MerkleProofTests
{
    private static readonly KeptTree Kept = KeptTree.Large;
    private static readonly TileTree Tree = new(Kept.Exactly);

    private static readonly long[] Hostile = [long.MinValue, -1, 0, 1, 2, 3, 255, 256, 1L << 62, (1L << 62) + 1, long.MaxValue - 1, long.MaxValue];

    private static readonly Gen<(int Low, int High)> Pairs =
        from high in Gen.Int[2, 2000]
        from low in Gen.Int[1, high - 1]
        select (low, high);

    [Fact]
    public void Proof_of_a_leaf_holds_for_nothing_else() => Gen.Select(Pairs, Gen.Int[0, 255], Gen.Int[0, 1999]).Sample((pair, bit, other) =>
    {
        var (index, size) = pair;
        var (leaf, root, proof) = (Kept.Leaves[index], Tree.RootOf(size), Tree.ProveInclusion(index, size).ToArray());

        Assert.True(MerkleProof.IncludesLeaf(leaf, index, size, proof, root));
        Assert.False(MerkleProof.IncludesLeaf(Flipped(leaf, bit), index, size, proof, root));
        Assert.False(MerkleProof.IncludesLeaf(leaf, index, size, proof, Flipped(root, bit)));
        Assert.False(MerkleProof.IncludesLeaf(leaf, index, size, [.. proof, root], root));
        Assert.False(MerkleProof.IncludesLeaf(leaf, index, size, [root, .. proof], root));
        Assert.All(Enumerable.Range(0, proof.Length), at =>
        {
            Assert.False(MerkleProof.IncludesLeaf(leaf, index, size, [.. proof[..at], Flipped(proof[at], bit), .. proof[(at + 1)..]], root));
            Assert.False(MerkleProof.IncludesLeaf(leaf, index, size, [.. proof[..at], .. proof[(at + 1)..]], root));
        });
        foreach (var wrong in new[] { other, index - 1, index + 1, index ^ 1, size, size - 1, -1 }.Where(wrong => wrong != index))
        {
            Assert.False(MerkleProof.IncludesLeaf(leaf, wrong, size, proof, root));
        }

        foreach (var wrong in new[] { other + 1, size - 1, size + 1 }.Where(wrong => wrong != size))
        {
            Assert.False(MerkleProof.IncludesLeaf(leaf, index, wrong, proof, Tree.RootOf(wrong)));
        }
    });

    [Fact]
    public void Proof_of_growth_holds_for_nothing_else() => Gen.Select(Pairs, Gen.Int[0, 255], Gen.Int[0, 1999]).Sample((pair, bit, other) =>
    {
        var (old, size) = pair;
        var (oldRoot, root, proof) = (Tree.RootOf(old), Tree.RootOf(size), Tree.ProveConsistency(old, size).ToArray());

        Assert.True(MerkleProof.IsConsistent(old, oldRoot, size, root, proof));
        Assert.False(MerkleProof.IsConsistent(old, Flipped(oldRoot, bit), size, root, proof));
        Assert.False(MerkleProof.IsConsistent(old, oldRoot, size, Flipped(root, bit), proof));
        Assert.False(MerkleProof.IsConsistent(size, root, old, oldRoot, proof));
        Assert.False(MerkleProof.IsConsistent(old, oldRoot, size, root, []));
        Assert.False(MerkleProof.IsConsistent(old, oldRoot, size, root, [.. proof, root]));
        Assert.False(MerkleProof.IsConsistent(old, oldRoot, size, root, [oldRoot, .. proof]));
        Assert.All(Enumerable.Range(0, proof.Length), at =>
        {
            Assert.False(MerkleProof.IsConsistent(old, oldRoot, size, root, [.. proof[..at], Flipped(proof[at], bit), .. proof[(at + 1)..]]));
            Assert.False(MerkleProof.IsConsistent(old, oldRoot, size, root, [.. proof[..at], .. proof[(at + 1)..]]));
        });
        foreach (var wrong in new[] { other, old - 1, old + 1, size, -1, 0 }.Where(wrong => wrong != old))
        {
            Assert.False(MerkleProof.IsConsistent(wrong, oldRoot, size, root, proof));
        }

        foreach (var wrong in new[] { other + 1, size - 1, size + 1 }.Where(wrong => wrong != size))
        {
            Assert.False(MerkleProof.IsConsistent(old, oldRoot, wrong, Tree.RootOf(wrong), proof));
        }
    });

    [Fact]
    public void Proof_that_ends_below_the_top_is_none() => Pairs.Sample(pair =>
    {
        var (low, size) = pair;
        var root = Tree.RootOf(size);

        Assert.False(MerkleProof.IncludesLeaf(Kept.Leaves[low], low, size * 2, Tree.ProveInclusion(low, size).AsSpan(), root));
        Assert.False(MerkleProof.IsConsistent(low, Tree.RootOf(low), size * 2, root, Tree.ProveConsistency(low, size).AsSpan()));
    });

    [Fact]
    public void Place_before_the_first_is_not_the_last()
    {
        Assert.True(MerkleProof.IncludesLeaf(Kept.Leaves[3], 3, 4, Tree.ProveInclusion(3, 4).AsSpan(), Tree.RootOf(4)));
        Assert.False(MerkleProof.IncludesLeaf(Kept.Leaves[3], -1, 4, Tree.ProveInclusion(3, 4).AsSpan(), Tree.RootOf(4)));
    }

    [Fact]
    public void Tree_that_lost_a_leaf_is_not_the_same_grown() => Pairs.Sample(pair =>
    {
        var (old, size) = pair;
        TreeHash[] leaves = [.. Kept.Leaves[..size]];
        leaves[old - 1] = TreeHash.Leaf("another"u8);
        var forged = new TileTree(new KeptTree(leaves).Exactly);

        Assert.False(MerkleProof.IsConsistent(old, Tree.RootOf(old), size, forged.RootOf(size), forged.ProveConsistency(old, size).AsSpan()));
    });

    [Fact]
    public void Trees_of_none_and_one_are_as_they_are()
    {
        var (leaf, none) = (Kept.Leaves[0], TreeHash.Empty);

        Assert.True(MerkleProof.IncludesLeaf(leaf, 0, 1, [], leaf));
        Assert.False(MerkleProof.IncludesLeaf(leaf, 0, 0, [], leaf));
        Assert.False(MerkleProof.IncludesLeaf(leaf, 0, 1, [leaf], leaf));
        Assert.True(MerkleProof.IsConsistent(0, none, 0, none, []));
        Assert.True(MerkleProof.IsConsistent(0, none, 1, leaf, []));
        Assert.True(MerkleProof.IsConsistent(1, leaf, 1, leaf, []));
        Assert.False(MerkleProof.IsConsistent(0, leaf, 0, leaf, []));
        Assert.False(MerkleProof.IsConsistent(0, leaf, 1, leaf, []));
        Assert.False(MerkleProof.IsConsistent(0, none, 0, leaf, []));
        Assert.False(MerkleProof.IsConsistent(0, none, 1, leaf, [leaf]));
        Assert.False(MerkleProof.IsConsistent(1, leaf, 1, none, []));
        Assert.False(MerkleProof.IsConsistent(1, leaf, 1, leaf, [leaf]));
    }

    [Fact]
    public void Largest_tree_is_proved_like_any_other()
    {
        var tree = new TileTree(KeptTree.Uniform);

        foreach (var size in Hostile.Where(size => size > 1000))
        {
            var root = tree.RootOf(size);
            foreach (var at in Hostile.Append(size / 3).Where(at => at > 0 && at < size))
            {
                Assert.True(MerkleProof.IncludesLeaf(default, at, size, tree.ProveInclusion(at, size).AsSpan(), root));
                Assert.True(MerkleProof.IsConsistent(at, tree.RootOf(at), size, root, tree.ProveConsistency(at, size).AsSpan()));
            }
        }
    }

    [Fact]
    public void Nonsense_is_refused_and_throws_nothing()
    {
        var hashes = new TreeHash[200];
        foreach (var (first, second) in Hostile.SelectMany(first => Hostile.Select(second => (first, second))))
        {
            foreach (var length in new[] { 0, 1, 2, 62, 63, 64, 65, 200 })
            {
                Assert.False(MerkleProof.IncludesLeaf(default, first, second, hashes.AsSpan(0, length), TreeHash.Empty));
                Assert.False(MerkleProof.IsConsistent(first, TreeHash.Empty, second, default, hashes.AsSpan(0, length)) && first != 0);
            }
        }
    }

    private static TreeHash Flipped(in TreeHash hash, int bit)
    {
        var bytes = new byte[TreeHash.Length];
        hash.CopyTo(bytes);
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        return TreeHash.FromBytes(bytes);
    }
}
