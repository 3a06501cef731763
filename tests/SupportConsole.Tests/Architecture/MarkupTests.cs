using System.Text.RegularExpressions;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Architecture;

/// <summary>What the compiler lets through in markup and a reader would stumble over.</summary>
public sealed partial class MarkupTests
{
    /// <summary>Razor takes a word before the sign for the beginning of an e-mail address, and shows the code as text.</summary>
    [Fact]
    public void No_statement_is_shown_as_text() => Assert.Empty(Found(WordBeforeStatement()));

    /// <summary>Under a path of its own (<c>Hosting:PathBase</c>) an address from the root leads out of the console.</summary>
    [Fact]
    public void Addresses_are_relative_to_the_base() => Assert.Empty(Found(AddressFromTheRoot()));

    /// <summary>A table, a field or a dialog looks and behaves alike everywhere, because it stands in one place. The two search boxes are a look of their own.</summary>
    [Fact]
    public void Pages_are_built_of_the_blocks() => Assert.Empty(Found(BuiltByHand(), outside: "Ui"));

    private static IEnumerable<string> Found(Regex pattern, string? outside = null)
    {
        var files = Directory.GetFiles(Path.Combine(Checkout.Root, "src", "SupportConsole"), "*.razor", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(files);
        return files.Where(file => Path.GetFileName(Path.GetDirectoryName(file)) != outside).SelectMany(file => pattern.Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileName(file)}: {match.Value}"));
    }

    [GeneratedRegex("""<(table|dl|select|textarea|fieldset|MudDialog|MudTextField|MudNumericField|MudDatePicker|MudSelect|MudTable|MudDataGrid)\b|<input\b(?![^>]*type="(search|hidden)")""")]
    private static partial Regex BuiltByHand();

    [GeneratedRegex(@"\w+@(if|foreach|for|switch|while)\b")]
    private static partial Regex WordBeforeStatement();

    [GeneratedRegex("""\b(href|src|action|formaction)="/""", RegexOptions.IgnoreCase)]
    private static partial Regex AddressFromTheRoot();
}
