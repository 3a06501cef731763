using System.Text.RegularExpressions;

namespace SupportConsole.Ui;

/// <summary>The colours of <c>tokens.css</c>, the one place where they stand.</summary>
internal static partial class ColourTokens
{
    /// <summary>Each token's name with its colour in light and in dark.</summary>
    public static IReadOnlyDictionary<string, (string Light, string Dark)> All { get; } = Read();

    private static Dictionary<string, (string, string)> Read()
    {
        using var file = typeof(ColourTokens).Assembly.GetManifestResourceStream("tokens.css")!;
        using var reader = new StreamReader(file);
        return Token().Matches(reader.ReadToEnd()).ToDictionary(
            token => token.Groups["name"].Value,
            token => token.Groups["one"] is { Success: true, Value: var one } ? (one, one) : (token.Groups["light"].Value, token.Groups["dark"].Value));
    }

    [GeneratedRegex(@"--(?<name>[a-z-]+): (light-dark\((?<light>#[0-9a-f]{6}), (?<dark>#[0-9a-f]{6})\)|(?<one>#[0-9a-f]{6}));")]
    private static partial Regex Token();
}
