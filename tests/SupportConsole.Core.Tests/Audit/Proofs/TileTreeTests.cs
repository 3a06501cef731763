using System.Globalization;
using CsCheck;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Core.Tests.Audit.Proofs;

public sealed class TileTreeTests
{
    private static readonly KeptTree Kept = KeptTree.Large;

    private static readonly Gen<(int Low, int High)> Pairs =
        from high in Gen.Int[1, 2000]
        from low in Gen.Int[0, high]
        select (low, high);

    public static TheoryData<int> Edges => [1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_793];

    [Fact]
    public void Published_proofs_are_made_and_accepted()
    {
        var published = new KeptTree(Vector.Leaves());
        var tree = new TileTree(published.Exactly);

        foreach (var (index, size, hashes) in Vector.Lines("rfc6962-tree.txt", "inclusion").Select(Read))
        {
            Assert.Equal(hashes, tree.ProveInclusion(index, size));
            Assert.True(MerkleProof.IncludesLeaf(published.Leaves[index], index, size, hashes, tree.RootOf(size)));
        }

        foreach (var (old, size, hashes) in Vector.Lines("rfc6962-tree.txt", "consistency").Select(Read))
        {
            Assert.Equal(hashes, tree.ProveConsistency(old, size));
            Assert.True(MerkleProof.IsConsistent(old, tree.RootOf(old), size, tree.RootOf(size), hashes));
        }

        static (int, int, TreeHash[]) Read(string[] words) => (
            int.Parse(words[0], CultureInfo.InvariantCulture), int.Parse(words[1], CultureInfo.InvariantCulture),
            [.. words[2..].Select(hash => TreeHash.FromBytes(Convert.FromHexString(hash)))]);
    }

    [Fact]
    public void Small_trees_prove_all_there_is_to_prove()
    {
        var tree = new TileTree(Kept.Exactly);
        for (var size = 0; size <= 40; size++)
        {
            Assert.All(Enumerable.Range(0, size), index => AssertIncluded(tree, index, size));
            Assert.All(Enumerable.Range(0, size + 1), old => AssertConsistent(tree, old, size));
        }
    }

    [Fact]
    public void Any_tree_proves_what_is_so() => Pairs.Sample(pair =>
    {
        var tree = new TileTree(Kept.Exactly);

        Assert.Equal(Kept.Root(pair.High), tree.RootOf(pair.High));
        AssertIncluded(tree, Math.Min(pair.Low, pair.High - 1), pair.High);
        AssertConsistent(tree, pair.Low, pair.High);
    });

    [Theory]
    [MemberData(nameof(Edges))]
    public void Edges_of_tiles_are_crossed(int size)
    {
        var tree = new TileTree(Kept.Exactly);
        var places = new[] { 0, 1, 254, 255, 256, 257, 511, 512, 65_279, 65_280, 65_535, 65_536, size - 1, size / 2 }
            .Where(place => place < size).Distinct();

        Assert.Equal(Kept.Root(size), tree.RootOf(size));
        Assert.All(places, index => AssertIncluded(tree, index, size));
        Assert.All(places.Append(size), old => AssertConsistent(tree, old, size));
    }

    [Theory]
    [MemberData(nameof(Edges))]
    public void Edge_of_the_tree_is_that_of_one_that_has_grown(int size)
    {
        var grown = new TreeFrontier();
        foreach (var leaf in Kept.Leaves[..size])
        {
            grown.Append(leaf);
        }

        Assert.Equal(grown.Hashes, new TileTree(Kept.Exactly).FrontierOf(size).Hashes);
        Assert.Equal(size, new TileTree(Kept.Exactly).FrontierOf(size).Size);
    }

    [Theory]
    [MemberData(nameof(Edges))]
    public void Tiles_are_asked_for_once_and_only_those_that_there_are(int size)
    {
        var there = HashTile.Of(size).ToHashSet();
        var asked = new List<HashTile>();
        var tree = new TileTree(tile =>
        {
            asked.Add(tile);
            return Kept.Exactly(tile);
        });

        foreach (var call in new Action[]
        {
            () => tree.RootOf(size), () => tree.FrontierOf(size), () => tree.ProveInclusion(size / 2, size), () => tree.ProveInclusion(size - 1, size),
            () => tree.ProveConsistency((size + 1) / 2, size), () => tree.ProveConsistency(Math.Max(1, size - 1), size),
        })
        {
            asked.Clear();
            call();

            Assert.Distinct(asked);
            Assert.Subset(there, asked.ToHashSet());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(65_700)]
    public void Tiles_that_have_grown_since_will_do(int size)
    {
        var (grown, exact) = (new TileTree(Kept.AsGrown), new TileTree(Kept.Exactly));

        Assert.Equal(exact.RootOf(size), grown.RootOf(size));
        Assert.Equal(exact.ProveInclusion(size - 1, size), grown.ProveInclusion(size - 1, size));
        Assert.Equal(exact.ProveConsistency((size + 1) / 2, size), grown.ProveConsistency((size + 1) / 2, size));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(95)]
    [InlineData(97)]
    [InlineData(64)]
    [InlineData(8224)]
    public void Tile_of_a_wrong_length_is_named(int length)
    {
        var tree = new TileTree(_ => new byte[length]);

        Assert.Contains("tile/0/000.p/3", Assert.Throws<InvalidDataException>(() => tree.RootOf(3)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => tree.ProveInclusion(2, 3));
        Assert.Throws<InvalidDataException>(() => tree.ProveConsistency(1, 3));
    }

    [Fact]
    public void What_isnt_in_the_tree_is_not_asked_for()
    {
        var tree = new TileTree(_ => throw new InvalidOperationException("Nothing is to be read."));

        Assert.Throws<ArgumentOutOfRangeException>(() => tree.RootOf(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveInclusion(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveInclusion(-1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveInclusion(5, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveConsistency(-1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveConsistency(6, 5));
        Assert.Equal(TreeHash.Empty, tree.RootOf(0));
        Assert.Empty(tree.ProveConsistency(0, 5));
        Assert.Empty(tree.ProveConsistency(5, 5));
    }

    [Fact]
    public void Largest_tree_can_be_proved_of()
    {
        var tree = new TileTree(KeptTree.Uniform);
        var size = long.MaxValue;

        Assert.Equal(tree.FrontierOf(size).Root(), tree.RootOf(size));
        Assert.Equal(63, tree.ProveInclusion(0, size).Length);
    }

    private static void AssertIncluded(TileTree tree, int index, int size) => Assert.True(
        MerkleProof.IncludesLeaf(Kept.Leaves[index], index, size, tree.ProveInclusion(index, size).AsSpan(), tree.RootOf(size)), $"{index} in {size}");

    private static void AssertConsistent(TileTree tree, int old, int size) => Assert.True(
        MerkleProof.IsConsistent(old, tree.RootOf(old), size, tree.RootOf(size), tree.ProveConsistency(old, size).AsSpan()), $"{old} to {size}");
}
