using System.Globalization;

namespace SupportConsole.Core.Audit.Proofs;

/// <summary>
/// A piece of a Merkle tree as it is kept and served (c2sp.org/tlog-tiles): up to 256 hashes that stand side by side. Those of level 0
/// are leaves; each above is the root of a full tile of the level below.
/// </summary>
/// <param name="Level">How high its hashes stand: each is the root of 256 to the power of it leaves.</param>
/// <param name="Number">Its place in the level, from 0.</param>
/// <param name="Width">How many hashes it has, from 1 to <see cref="FullWidth"/>. One that has fewer may still grow.</param>
public readonly record struct HashTile(int Level, long Number, int Width)
{
    /// <summary>How many hashes a tile has that grows no more.</summary>
    public const int FullWidth = 1 << Height;

    /// <summary>How many levels of the tree a level of tiles spans.</summary>
    internal const int Height = 8;

    /// <summary>How many bytes it has.</summary>
    public int Length => Width * TreeHash.Length;

    /// <summary>Its address below that of the log, such as <c>tile/0/x001/234</c> or <c>tile/1/000.p/12</c>.</summary>
    public string Path
    {
        get
        {
            var number = Digits(Number);
            for (var rest = Number / 1000; rest > 0; rest /= 1000)
            {
                number = $"x{Digits(rest)}/{number}";
            }

            var full = string.Create(CultureInfo.InvariantCulture, $"tile/{Level}/{number}");
            return Width == FullWidth ? full : string.Create(CultureInfo.InvariantCulture, $"{full}.p/{Width}");
        }
    }

    /// <summary>The tiles of a tree, level by level, each from the left.</summary>
    /// <param name="size">How many leaves it has.</param>
    public static IEnumerable<HashTile> Of(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return Tiles();

        IEnumerable<HashTile> Tiles()
        {
            for (var level = 0; CountAt(level, size) > 0; level++)
            {
                var tiles = ((CountAt(level, size) - 1) >> Height) + 1;
                for (var number = 0L; number < tiles; number++)
                {
                    yield return At(level, number, size);
                }
            }
        }
    }

    /// <summary>The tile at a place, as wide as a tree of the size makes it.</summary>
    internal static HashTile At(int level, long number, long size) =>
        new(level, number, (int)Math.Min(FullWidth, CountAt(level, size) - (number << Height)));

    // There is no eighth level: a size has 63 bits.
    private static long CountAt(int level, long size) => level * Height < 63 ? size >> (level * Height) : 0;

    private static string Digits(long number) => (number % 1000).ToString("000", CultureInfo.InvariantCulture);
}
