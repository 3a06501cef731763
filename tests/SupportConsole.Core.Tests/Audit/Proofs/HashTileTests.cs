using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Core.Tests.Audit.Proofs;

public sealed partial class HashTileTests
{
    [Fact]
    public void Addresses_are_those_of_the_specification() => Assert.All(Vector.Lines("tiles.txt", "path"), words => Assert.Equal(
        words[3], new HashTile((int)Number(words[0]), Number(words[1]), (int)Number(words[2])).Path));

    [Fact]
    public void Trees_have_the_tiles_of_the_specification() => Assert.All(Vector.Lines("tiles.txt", "tree"), words => Assert.Equal(
        words[1..].SelectMany(Each), HashTile.Of(Number(words[0])).Select(tile => tile.Path)));

    [Fact]
    public void Each_level_holds_what_is_full_below() => Gen.Long[0, 20_000_000].Sample(
        size =>
        {
            var levels = HashTile.Of(size).GroupBy(tile => tile.Level).ToDictionary(level => level.Key, level => level.ToArray());
            var expected = size;
            for (var level = 0; expected > 0; level++, expected /= HashTile.FullWidth)
            {
                Assert.Equal(expected, levels[level].Sum(tile => (long)tile.Width));
                Assert.Equal(Enumerable.Range(0, levels[level].Length), levels[level].Select(tile => (int)tile.Number));
                Assert.All(levels[level][..^1], tile => Assert.Equal(HashTile.FullWidth, tile.Width));
                levels.Remove(level);
            }

            Assert.Empty(levels);
        },
        iter: 20);

    [Fact]
    public void Largest_tree_begins_like_any_other()
    {
        Assert.Equal("tile/0/000", HashTile.Of(long.MaxValue).First().Path);
        Assert.Throws<ArgumentOutOfRangeException>(() => HashTile.Of(-1));
    }

    private static IEnumerable<string> Each(string path) => Range().Match(path) is { Success: true } range
        ? Enumerable.Range(0, (int)Number(range.Groups[2].Value) + 1)
            .Select(number => range.Groups[1].Value + number.ToString("000", CultureInfo.InvariantCulture))
        : [path];

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(.*)\[000-(\d+)\]$")]
    private static partial Regex Range();
}
