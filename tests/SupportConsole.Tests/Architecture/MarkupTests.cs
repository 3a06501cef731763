using System.Text.RegularExpressions;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Architecture;

/// <summary>What the compiler lets through in markup and a reader would stumble over.</summary>
public sealed partial class MarkupTests
{
    /// <summary>Razor takes a word before the sign for the beginning of an e-mail address, and shows the code as text.</summary>
    [Fact]
    public void No_statement_is_shown_as_text()
    {
        var files = Directory.GetFiles(Path.Combine(Checkout.Root, "src", "SupportConsole"), "*.razor", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(file => WordBeforeStatement().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileName(file)}: {match.Value}")));
    }

    [GeneratedRegex(@"\w+@(if|foreach|for|switch|while)\b")]
    private static partial Regex WordBeforeStatement();
}
