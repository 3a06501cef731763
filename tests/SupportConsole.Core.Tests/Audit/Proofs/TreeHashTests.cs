using CsCheck;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Core.Tests.Audit.Proofs;

public sealed class TreeHashTests
{
    [Fact]
    public void Any_bytes_come_back_by_copy_and_by_text() => Gen.Byte.Array[TreeHash.Length].Sample(bytes =>
    {
        var hash = TreeHash.FromBytes(bytes);
        var copy = new byte[TreeHash.Length];
        hash.CopyTo(copy);

        Assert.Equal(bytes, copy);
        Assert.True(TreeHash.TryParse(hash.ToString(), out var read));
        Assert.Equal(hash, read);
        Assert.True(hash == read);
        Assert.Equal(hash.GetHashCode(), read.GetHashCode());
    });

    [Fact]
    public void Each_bit_counts() => Assert.All(Enumerable.Range(0, TreeHash.Length * 8), bit =>
    {
        var bytes = new byte[TreeHash.Length];
        bytes[bit / 8] = (byte)(1 << (bit % 8));

        Assert.True(TreeHash.FromBytes(bytes) != default);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Other_lengths_are_no_hash(int length)
    {
        Assert.Throws<ArgumentException>(() => TreeHash.FromBytes(new byte[length]));
        Assert.False(TreeHash.TryParse(Convert.ToBase64String(new byte[length]), out _));
    }

    [Fact]
    public void Its_text_has_one_form()
    {
        var text = TreeHash.Empty.ToString();

        Assert.DoesNotContain(Vector.Spoilt(text), other => TreeHash.TryParse(other, out var hash) && hash.ToString() != other);
        Assert.False(TreeHash.TryParse(text.Replace("FU=", "FV=", StringComparison.Ordinal), out _));
        Assert.EndsWith("FU=", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaf_of_an_event_is_the_hash_that_the_trail_keeps() => Gen.Byte.Array[0, 3000].Sample(entry =>
        Assert.Equal(TreeHash.Leaf(entry), TreeHash.FromBytes(CanonicalForm.LeafHash(entry).AsSpan())));

    [Fact]
    public void Leaf_that_looks_like_a_node_isnt_that_node()
    {
        var (left, right) = (TreeHash.Leaf([1]), TreeHash.Leaf([2]));
        var both = new byte[2 * TreeHash.Length];
        left.CopyTo(both);
        right.CopyTo(both.AsSpan(TreeHash.Length));

        Assert.NotEqual(TreeHash.Node(left, right), TreeHash.Leaf(both));
        Assert.NotEqual(TreeHash.Node(left, right), TreeHash.Node(right, left));
    }
}
