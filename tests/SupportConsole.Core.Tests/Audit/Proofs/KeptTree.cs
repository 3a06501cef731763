using System.Buffers.Binary;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Core.Tests.Audit.Proofs;

/// <summary>A tree with cheap leaves, large enough for tiles on three levels: its tiles as they are kept, and its hashes as RFC 6962 defines them.</summary>
internal sealed class KeptTree
{
    private readonly TreeHash[] _leaves;
    private readonly List<byte[]> _levels = [];

    public KeptTree(IEnumerable<TreeHash> leaves)
    {
        _leaves = [.. leaves];
        for (var level = _leaves; level.Length > 0; level = Above(level))
        {
            var bytes = new byte[level.Length * TreeHash.Length];
            for (var at = 0; at < level.Length; at++)
            {
                level[at].CopyTo(bytes.AsSpan(at * TreeHash.Length));
            }

            _levels.Add(bytes);
        }
    }

    /// <summary>One for all tests: trees of each smaller size are in it.</summary>
    public static KeptTree Large { get; } = new(Enumerable.Range(0, 66_000).Select(number =>
    {
        var entry = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(entry, number);
        return TreeHash.Leaf(entry);
    }));

    public ReadOnlySpan<TreeHash> Leaves => _leaves;

    public TreeHash Root(int size) => Define(_leaves.AsSpan(0, size));

    /// <summary>A tile as wide as it is asked for.</summary>
    public ReadOnlyMemory<byte> Exactly(HashTile tile) => _levels[tile.Level].AsMemory((int)tile.Number * HashTile.FullWidth * TreeHash.Length, tile.Length);

    /// <summary>A tile as wide as it has become.</summary>
    public ReadOnlyMemory<byte> AsGrown(HashTile tile) =>
        Exactly(HashTile.Of(_leaves.Length).Single(one => (one.Level, one.Number) == (tile.Level, tile.Number)));

    /// <summary>A tile of a tree in which all leaves are the same: the largest that there can be takes no room.</summary>
    public static ReadOnlyMemory<byte> Uniform(HashTile tile)
    {
        var hash = default(TreeHash);
        for (var height = 0; height < tile.Level * 8; height++)
        {
            hash = TreeHash.Node(hash, hash);
        }

        var bytes = new byte[tile.Length];
        for (var at = 0; at < tile.Width; at++)
        {
            hash.CopyTo(bytes.AsSpan(at * TreeHash.Length));
        }

        return bytes;
    }

    private static TreeHash[] Above(TreeHash[] level) =>
        [.. level.Chunk(HashTile.FullWidth).Where(full => full.Length == HashTile.FullWidth).Select(full => Define(full))];

    private static TreeHash Define(ReadOnlySpan<TreeHash> leaves)
    {
        if (leaves.Length < 2)
        {
            return leaves.IsEmpty ? TreeHash.Empty : leaves[0];
        }

        var left = 1;
        while (left * 2 < leaves.Length)
        {
            left *= 2;
        }

        return TreeHash.Node(Define(leaves[..left]), Define(leaves[left..]));
    }
}
