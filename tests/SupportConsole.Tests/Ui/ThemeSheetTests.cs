using System.Text;
using SupportConsole.Ui;

namespace SupportConsole.Tests.Ui;

/// <summary>MudBlazor's variables as a sheet: in light, and what is different in dark, for who chose it and for whose system has it.</summary>
public sealed class ThemeSheetTests
{
    [Fact]
    public async Task The_sheet_has_the_tokens_colours_in_light_and_in_dark()
    {
        var sheet = Encoding.UTF8.GetString(await ThemeSheet.BytesAsync());
        var parts = sheet.Split([":root[data-theme=\"dark\"]", "@media (prefers-color-scheme: dark)"], StringSplitOptions.None);

        var (light, dark) = ColourTokens.All["page"];
        Assert.Equal([Background(light), Background(dark), Background(dark)], parts.Select(part => part.Split('\n').Last(line => line.StartsWith("--mud-palette-background:", StringComparison.Ordinal))));
        Assert.Contains("--mud-appbar-height: 60px;", parts[0], StringComparison.Ordinal);
        Assert.DoesNotContain("appbar-height", parts[1] + parts[2], StringComparison.Ordinal);
        Assert.DoesNotContain('<', sheet);
        Assert.Equal(sheet.Count(letter => letter == '{'), sheet.Count(letter => letter == '}'));
    }

    private static string Background(string colour)
    {
        var (red, green, blue) = (Part(1), Part(3), Part(5));
        return $"--mud-palette-background: rgba({red},{green},{blue},1);";

        int Part(int at) => Convert.ToInt32(colour.Substring(at, 2), 16);
    }
}
