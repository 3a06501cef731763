using MudBlazor;

namespace SupportConsole.Ui;

/// <summary>The console's type, and its colours for MudBlazor's components: each is one of <see cref="ColourTokens"/>.</summary>
internal static class ConsoleTheme
{
    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = Paint(new PaletteLight(), token => ColourTokens.All[token].Light),
        PaletteDark = Paint(new PaletteDark(), token => ColourTokens.All[token].Dark),
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = ["Inter Variable", "system-ui", "sans-serif"], FontSize = "0.9rem", LetterSpacing = "normal" },
            Body1 = new Body1Typography { LetterSpacing = "normal" },
            Body2 = new Body2Typography { LetterSpacing = "normal" },
            Button = new ButtonTypography { TextTransform = "none", FontWeight = "600", FontSize = "0.875rem", LetterSpacing = "0" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", DrawerWidthLeft = "232px", AppbarHeight = "60px" },
    };

    private static T Paint<T>(T palette, Func<string, string> colour)
        where T : Palette
    {
        palette.Primary = palette.Info = colour("accent");
        palette.PrimaryContrastText = colour("on-accent");
        palette.Secondary = palette.TextSecondary = palette.ActionDefault = palette.DrawerIcon = colour("quiet");
        palette.Tertiary = palette.Warning = colour("attention");
        palette.Success = colour("good");
        palette.Error = colour("bad");
        palette.ErrorContrastText = colour("on-bad");
        palette.Background = colour("page");
        palette.Surface = palette.AppbarBackground = palette.DrawerBackground = colour("surface");
        palette.TextPrimary = palette.AppbarText = palette.DrawerText = colour("text");
        palette.Divider = palette.LinesDefault = palette.TableLines = colour("line");
        palette.LinesInputs = colour("edge");
        return palette;
    }
}
