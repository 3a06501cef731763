using CsCheck;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Core.Tests.Audit.Proofs;

public sealed class TreeFrontierTests
{
    [Fact]
    public void Published_roots_are_found()
    {
        var frontier = new TreeFrontier();
        var leaves = Vector.Leaves().ToArray();

        foreach (var words in Vector.Lines("rfc6962-tree.txt", "root"))
        {
            Assert.Equal(words[0], $"{frontier.Size}");
            Assert.Equal(TreeHash.FromBytes(Convert.FromHexString(words[1])), frontier.Root());
            if (frontier.Size < leaves.Length)
            {
                frontier.Append(leaves[frontier.Size]);
            }
        }

        Assert.Equal(8, leaves.Length);
        Assert.Equal(8, frontier.Size);
    }

    [Fact]
    public void Root_is_that_of_the_definition_at_each_size()
    {
        var frontier = new TreeFrontier();

        for (var size = 0; size <= 600; size++)
        {
            Assert.Equal(KeptTree.Large.Root(size), frontier.Root());
            frontier.Append(KeptTree.Large.Leaves[size]);
        }
    }

    [Fact]
    public void Kept_edge_grows_on_as_if_it_had_not_been_away() => Gen.Select(Gen.Int[0, 2000], Gen.Int[0, 300]).Sample((size, more) =>
    {
        var first = Grown(new TreeFrontier(), size);
        var second = Grown(new TreeFrontier(size, first.Hashes), size + more);

        Assert.Equal(size, first.Size);
        Assert.Equal(KeptTree.Large.Root(size), first.Root());
        Assert.Equal(KeptTree.Large.Root(size + more), second.Root());
    });

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(5, 1)]
    [InlineData(5, 3)]
    [InlineData(long.MaxValue, 62)]
    [InlineData(long.MaxValue, 64)]
    public void Hashes_that_dont_fit_the_size_are_refused(long size, int hashes) =>
        Assert.Throws<ArgumentException>(() => new TreeFrontier(size, new TreeHash[hashes]));

    [Fact]
    public void Largest_tree_has_a_root_and_no_room()
    {
        var full = new TreeFrontier(long.MaxValue, new TreeHash[63]);
        var last = new TreeFrontier(long.MaxValue - 1, new TreeHash[62]);
        last.Append(default);

        Assert.Equal(full.Root(), last.Root());
        Assert.Throws<InvalidOperationException>(() => full.Append(default));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TreeFrontier(-1, []));
    }

    [Fact]
    public void Adding_a_leaf_takes_no_memory()
    {
        var frontier = Grown(new TreeFrontier(), 1000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Grown(frontier, 2000);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static TreeFrontier Grown(TreeFrontier frontier, int size)
    {
        while (frontier.Size < size)
        {
            frontier.Append(KeptTree.Large.Leaves[(int)frontier.Size]);
        }

        return frontier;
    }
}
