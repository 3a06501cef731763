using MudBlazor;

namespace SupportConsole.Ui;

/// <summary>The console's colours and type. Text colours hold at least 4.5:1 on their surfaces, in both themes.</summary>
internal static class ConsoleTheme
{
    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#3949ab",
            PrimaryContrastText = "#ffffff",
            Secondary = "#5a6378",
            Tertiary = "#8a5200",
            Error = "#b3261e",
            Success = "#1b6b2c",
            Warning = "#8a5200",
            Info = "#3949ab",
            Background = "#f6f7fa",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#1a2032",
            DrawerBackground = "#ffffff",
            DrawerText = "#1a2032",
            DrawerIcon = "#5a6378",
            TextPrimary = "#1a2032",
            TextSecondary = "#5a6378",
            ActionDefault = "#5a6378",
            Divider = "#e2e5ec",
            LinesDefault = "#e2e5ec",
            LinesInputs = "#8a92a6",
            TableLines = "#e2e5ec",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#a9b4f0",
            PrimaryContrastText = "#141a3a",
            Secondary = "#a9b0c3",
            Tertiary = "#ffc46b",
            Error = "#ff9d94",
            ErrorContrastText = "#3a0a06",
            Success = "#85d498",
            Warning = "#ffc46b",
            Info = "#a9b4f0",
            Background = "#12141b",
            Surface = "#1b1e28",
            AppbarBackground = "#1b1e28",
            AppbarText = "#e8eaf2",
            DrawerBackground = "#1b1e28",
            DrawerText = "#e8eaf2",
            DrawerIcon = "#a9b0c3",
            TextPrimary = "#e8eaf2",
            TextSecondary = "#a9b0c3",
            ActionDefault = "#a9b0c3",
            Divider = "#2c3140",
            LinesDefault = "#2c3140",
            LinesInputs = "#70788d",
            TableLines = "#2c3140",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = ["Inter Variable", "system-ui", "sans-serif"], FontSize = "0.9rem", LetterSpacing = "normal" },
            Body1 = new Body1Typography { LetterSpacing = "normal" },
            Body2 = new Body2Typography { LetterSpacing = "normal" },
            Button = new ButtonTypography { TextTransform = "none", FontWeight = "600", FontSize = "0.875rem", LetterSpacing = "0" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", DrawerWidthLeft = "232px", AppbarHeight = "60px" },
    };
}
