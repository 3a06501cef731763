using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>The leaves that the stored tree has, a tile at a time: asked in their order, each tile is read once.</summary>
internal sealed class StoredLeaves(ConsoleDb db)
{
    private long _number = -1;
    private byte[]? _hashes;

    /// <summary>The leaf in a place, from 0; null where its tile isn't full yet or is damaged.</summary>
    public TreeHash? At(long index)
    {
        var (number, within) = Math.DivRem(index, HashTile.FullWidth);
        if (number != _number)
        {
            _number = number;
            _hashes = db.Read(connection => TreeTable.FullTile(connection, number), CancellationToken.None);
        }

        return _hashes is { Length: HashTile.FullWidth * TreeHash.Length } hashes
            ? TreeHash.FromBytes(hashes.AsSpan((int)within * TreeHash.Length, TreeHash.Length))
            : null;
    }
}
