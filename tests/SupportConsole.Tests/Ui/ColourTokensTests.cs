using System.Globalization;
using System.Text.RegularExpressions;
using MudBlazor;
using MudBlazor.Utilities;
using SupportConsole.Tests.TestKit;
using SupportConsole.Ui;

namespace SupportConsole.Tests.Ui;

/// <summary>A colour stands in one place, and words can be read wherever they stand.</summary>
public sealed partial class ColourTokensTests
{
    // Which surfaces each colour of words stands on.
    private static readonly Dictionary<string, string[]> Words = new()
    {
        ["text"] = ["page", "surface", "quiet-soft", "mark", "accent-soft"],
        ["quiet"] = ["page", "surface", "quiet-soft"],
        ["accent"] = ["page", "surface", "accent-soft", "quiet-soft"],
        ["on-accent"] = ["accent"],
        ["good"] = ["surface", "good-soft"],
        ["attention"] = ["surface", "attention-soft"],
        ["bad"] = ["page", "surface", "bad-soft"],
        ["on-bad"] = ["bad"],
        ["on-frame"] = ["frame"],
        ["in-frame"] = ["on-frame", "on-frame-near"],
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Words_can_be_read_on_their_surfaces(bool dark)
    {
        var faint =
            from words in Words
            from surface in words.Value
            let contrast = Contrast(Colour(words.Key, dark), Colour(surface, dark))
            where contrast < 4.5
            select string.Create(CultureInfo.InvariantCulture, $"{words.Key} on {surface}: {contrast:0.00}");

        Assert.Empty(faint);
    }

    [Fact]
    public void Every_colour_is_for_words_for_a_surface_or_for_lines()
    {
        string[] lines = ["line", "edge", "brand"];

        Assert.Equal(ColourTokens.All.Keys.Order(), Words.Keys.Union(Words.Values.SelectMany(surfaces => surfaces)).Union(["good-soft", .. lines]).Order());
    }

    [Fact]
    public void Every_token_is_understood()
    {
        var named = Declaration().Matches(File.ReadAllText(Path.Combine(Checkout.Root, "wwwroot-assets", "tokens.css"))).Select(token => token.Groups[1].Value);

        Assert.Equal(named.Order(), ColourTokens.All.Keys.Order());
    }

    [Fact]
    public void The_theme_has_no_colour_of_its_own()
    {
        Assert.Empty(OwnColours(ConsoleTheme.Theme.PaletteLight, new PaletteLight(), ColourTokens.All.Values.Select(token => token.Light)));
        Assert.Empty(OwnColours(ConsoleTheme.Theme.PaletteDark, new PaletteDark(), ColourTokens.All.Values.Select(token => token.Dark)));
    }

    [Fact]
    public void No_other_style_has_a_colour_of_its_own()
    {
        var sheets = Directory.GetFiles(Path.Combine(Checkout.Root, "wwwroot-assets"), "*.css")
            .Concat(Directory.GetFiles(Path.Combine(Checkout.Root, "src", "SupportConsole"), "*.razor.css", SearchOption.AllDirectories))
            .Where(sheet => Path.GetFileName(sheet) != "tokens.css" && !sheet.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .ToArray();

        Assert.NotEmpty(sheets);
        Assert.Empty(sheets.SelectMany(sheet => Hexadecimal().Matches(File.ReadAllText(sheet)).Select(colour => $"{Path.GetFileName(sheet)}: {colour.Value}")));
    }

    // What MudBlazor derives from a colour follows it.
    private static IEnumerable<string> OwnColours(Palette theirs, Palette standard, IEnumerable<string> tokens)
    {
        var known = tokens.Select(token => new MudColor(token)).ToArray();
        var set = theirs.GetType().GetProperties().Where(property => property.PropertyType == typeof(MudColor)
            && !property.GetValue(theirs)!.Equals(property.GetValue(standard))).ToArray();
        Assert.NotEmpty(set);
        return set.Where(property => !known.Contains(property.GetValue(theirs))).Select(property => property.Name);
    }

    private static MudColor Colour(string token, bool dark) => new(dark ? ColourTokens.All[token].Dark : ColourTokens.All[token].Light);

    private static double Contrast(MudColor one, MudColor other)
    {
        double[] light = [Luminance(one), Luminance(other)];
        return (light.Max() + 0.05) / (light.Min() + 0.05);
    }

    private static double Luminance(MudColor colour) => (0.2126 * Linear(colour.R)) + (0.7152 * Linear(colour.G)) + (0.0722 * Linear(colour.B));

    private static double Linear(byte part) => part / 255.0 is var share && share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);

    [GeneratedRegex("--([a-z-]+):")]
    private static partial Regex Declaration();

    [GeneratedRegex("#[0-9a-f]{3}([0-9a-f]{3})?\\b", RegexOptions.IgnoreCase)]
    private static partial Regex Hexadecimal();
}
