using Microsoft.Data.Sqlite;
using SQLitePCL;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>
/// The trail's tree in its tables. The writer extends it with each event, in the event's own commit; an append writes a tile with every
/// 256th and nothing else, because the leaves of an unfinished tile are those of its events.
/// </summary>
internal sealed class TreeTable
{
    /// <summary>How many events an append makes up for itself; what is further behind is made up for in pieces.</summary>
    private const long LongestResume = 4096;

    private readonly List<List<TreeHash>> _unfinished = [];
    private bool _isKnown;

    /// <summary>How many leaves the writer's tree has.</summary>
    public long Size { get; private set; }

    /// <summary>The newest of them.</summary>
    public TreeHash Newest { get; private set; }

    /// <summary>
    /// Whether it can be gone on with. Where its tiles or leaves are damaged, or far behind, events are recorded all the same: what is
    /// wrong is the verification's to say.
    /// </summary>
    private bool Stands { get; set; }

    /// <summary>Forgets all: something that was appended has been taken back.</summary>
    public void Forget() => _isKnown = false;

    /// <summary>Goes on where the trail ends, which is nearly always where this one was left.</summary>
    /// <param name="connection">The writer's connection.</param>
    /// <param name="size">How many events there are.</param>
    /// <param name="newest">The last one's leaf; the empty tree's hash where there is none.</param>
    public void Resume(SqliteConnection connection, long size, TreeHash newest)
    {
        if (_isKnown && Size == size && Newest == newest)
        {
            return;
        }

        Stands = Load(connection) && Size <= size && size - Size <= LongestResume && CatchUp(connection, size);
        (Newest, _isKnown) = (newest, Stands);
    }

    /// <summary>Adds the leaf of an event whose row is there already.</summary>
    public void Extend(SqliteConnection connection, TreeHash leaf)
    {
        if (!Stands)
        {
            return;
        }

        try
        {
            Add(connection, 0, leaf);
            (Size, Newest) = (Size + 1, leaf);
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
        {
            Stands = _isKnown = false; // A tile that is there says something else; the event is kept without one.
        }
    }

    /// <summary>Makes up for tiles of events from before there were any: so many at most.</summary>
    /// <returns>Whether there are more; not where it can't be gone on with.</returns>
    public bool CatchUpSome(SqliteConnection connection, long limit)
    {
        var end = SizeOn(connection);
        _isKnown = false;
        Stands = Load(connection) && Size <= end;
        return Stands && CatchUp(connection, Math.Min(end, Size + limit)) && Size < end;
    }

    /// <summary>The tree as a reader sees it at this moment.</summary>
    /// <remarks>The leaves of the tile that isn't full are read from the events, the others from their tiles: of these the trail may lack the events.</remarks>
    public static TileTree TreeOn(SqliteConnection connection) => new(tile => TileOn(connection, tile));

    /// <summary>The same, keeping the tiles that it reads.</summary>
    public static TileTree TreeOn(SqliteConnection connection, Dictionary<HashTile, ReadOnlyMemory<byte>> kept) =>
        new(tile => kept.TryGetValue(tile, out var hashes) ? hashes : kept[tile] = TileOn(connection, tile));

    /// <summary>How many events there are.</summary>
    public static long SizeOn(SqliteConnection connection) => connection.Number("SELECT max(seq) FROM audit_event");

    /// <summary>How many leaves the full tiles have.</summary>
    public static long FullLeavesOn(SqliteConnection connection) =>
        connection.Number("SELECT coalesce(max(number), -1) + 1 FROM audit_tile WHERE level = 0") * HashTile.FullWidth;

    /// <summary>The place before the next event after a place; the end where there is none.</summary>
    public static long BeforeNext(SqliteConnection connection, long after, long end)
    {
        using var command = connection.Prepare("SELECT min(seq) FROM audit_event WHERE seq > $after", ("$after", after));
        return command.ExecuteScalar() is long next ? next - 1 : end;
    }

    /// <summary>The leaves of a full tile; null where it isn't full yet.</summary>
    public static byte[]? FullTile(SqliteConnection connection, long number) => Stored(connection, 0, number);

    private static byte[]? Stored(SqliteConnection connection, int level, long number)
    {
        using var stored = connection.Prepare(
            "SELECT hashes FROM audit_tile WHERE level = $level AND number = $number", ("$level", (long)level), ("$number", number));
        return stored.ExecuteScalar() as byte[];
    }

    private static ReadOnlyMemory<byte> TileOn(SqliteConnection connection, HashTile tile)
    {
        if (Stored(connection, tile.Level, tile.Number) is { } hashes)
        {
            return hashes;
        }

        if (tile.Level > 0)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        var first = (tile.Number * HashTile.FullWidth) + 1;
        return Joined([.. LeavesOn(connection, first, first + tile.Width - 1).Select(leaf => leaf.Hash)]);
    }

    /// <summary>An event's leaf as its row has it; a damaged one mustn't keep others from being recorded, so it is made of the bytes then.</summary>
    public static TreeHash LeafIn(byte[] leaf, Func<byte[]> body) => leaf.Length == TreeHash.Length ? TreeHash.FromBytes(leaf) : TreeHash.Leaf(body());

    private static List<(long Sequence, TreeHash Hash)> LeavesOn(SqliteConnection connection, long first, long last)
    {
        using var command = connection.Prepare(
            "SELECT seq, leaf, body FROM audit_event WHERE seq BETWEEN $first AND $last ORDER BY seq", ("$first", first), ("$last", last));
        return [.. command.Rows(row => (row.GetInt64(0), LeafIn((byte[])row.GetValue(1), () => (byte[])row.GetValue(2))))];
    }

    /// <summary>Takes up the tiles at the right edge; of level 0 there is none that isn't full. False where one is missing or too short.</summary>
    private bool Load(SqliteConnection connection)
    {
        _unfinished.Clear();
        _unfinished.Add([]);
        Size = FullLeavesOn(connection);
        for (var (level, below) = (1, Size / HashTile.FullWidth); below > 0; level++, below /= HashTile.FullWidth)
        {
            var width = (int)(below % HashTile.FullWidth);
            var hashes = width == 0 ? [] : Stored(connection, level, below / HashTile.FullWidth) ?? [];
            if (hashes.Length != width * TreeHash.Length)
            {
                return false;
            }

            _unfinished.Add([.. hashes.Chunk(TreeHash.Length).Select(hash => TreeHash.FromBytes(hash))]);
        }

        return true;
    }

    /// <summary>Adds the leaves of events up to a place; false where one of them is gone.</summary>
    private bool CatchUp(SqliteConnection connection, long to)
    {
        Stands = true;
        foreach (var (sequence, leaf) in LeavesOn(connection, Size + 1, to))
        {
            if (sequence != Size + 1)
            {
                return false; // Before anything is written of what comes after it.
            }

            Extend(connection, leaf);
        }

        return Stands && Size == to;
    }

    private void Add(SqliteConnection connection, int level, TreeHash hash)
    {
        if (level == _unfinished.Count)
        {
            _unfinished.Add([]);
        }

        var tile = _unfinished[level];
        tile.Add(hash);
        if (level > 0 || tile.Count == HashTile.FullWidth)
        {
            Write(connection, level, tile);
        }

        if (tile.Count == HashTile.FullWidth)
        {
            var root = new TreeFrontier();
            tile.ForEach(root.Append);
            tile.Clear();
            Add(connection, level + 1, root.Root());
        }
    }

    private void Write(SqliteConnection connection, int level, List<TreeHash> tile)
    {
        // Size counts the leaves before the one being added.
        var number = (Size >> (8 * level)) / HashTile.FullWidth;
        using var write = connection.Prepare(
            "INSERT INTO audit_tile (level, number, hashes) VALUES ($level, $number, $hashes) ON CONFLICT (level, number) DO UPDATE SET hashes = $hashes",
            ("$level", (long)level), ("$number", number), ("$hashes", Joined(tile)));
        write.ExecuteNonQuery();
    }

    private static byte[] Joined(List<TreeHash> tile)
    {
        var hashes = new byte[tile.Count * TreeHash.Length];
        for (var at = 0; at < tile.Count; at++)
        {
            tile[at].CopyTo(hashes.AsSpan(at * TreeHash.Length));
        }

        return hashes;
    }
}
