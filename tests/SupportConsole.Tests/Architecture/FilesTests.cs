using System.Text.RegularExpressions;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Architecture;

/// <summary>
/// Whoever looks for a type finds it by the name of its file. A file holds one, or options with the rules that validate them, or a group
/// of the table. A new group is a new line there, seen in review. And whoever found it learns first what it is for.
/// </summary>
public sealed partial class FilesTests
{
    // By the file's name, with what makes the group one thing.
    private static readonly Dictionary<string, string> Groups = new()
    {
        ["AuditEvent"] = "parts",
        ["AuditPage"] = "parts",
        ["CollectionReach"] = "parts",
        ["ComparedUsers"] = "parts",
        ["DutyPolicies"] = "policy",
        ["EndReason"] = "words",
        ["FileStatus"] = "parts",
        ["FilterWords"] = "parts",
        ["HtmlReader"] = "parts",
        ["ISignIns"] = "answer",
        ["KeyKind"] = "words",
        ["KeyList"] = "parts",
        ["KeyProgress"] = "parts",
        ["KeyState"] = "judgement",
        ["KeyUsage"] = "parts",
        ["KeyWish"] = "parts",
        ["NotWrittenException"] = "reasons",
        ["ReadRule"] = "words",
        ["RecordDetail"] = "parts",
        ["RecordList"] = "parts",
        ["RuleNode"] = "cases",
        ["SignInFailure"] = "words",
        ["SignInTable"] = "rows",
        ["StaffChangeFeed"] = "message",
        ["StaffRow"] = "parts",
        ["UserFacts"] = "parts",
        ["UserPage"] = "parts",
        ["WriterWork"] = "cases",
    };

    [Fact]
    public void A_file_holds_one_type_or_a_group_of_the_table() =>
        Assert.Empty(Sources().Where(file => !Groups.ContainsKey(NameOf(file))).SelectMany(file => FaultsOf(file, File.ReadAllText(file))));

    [Fact]
    public void The_table_names_groups_that_are_there() =>
        Assert.Equal(
            Groups.Keys.Order(StringComparer.Ordinal),
            Sources().Where(file => TypesIn(File.ReadAllText(file)).Contains(NameOf(file)) && FaultsOf(file, File.ReadAllText(file)).Any())
                .Select(NameOf).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_type_says_what_it_is_for() =>
        Assert.Empty(Sources().SelectMany(file => SpeechlessIn(File.ReadAllText(file)).Select(type => $"{Path.GetFileName(file)}: {type}")));

    [Theory]
    [InlineData("namespace Doors;\n\n/// <summary>Opens doors.</summary>\ninternal class Key;", "")]
    [InlineData("/// <summary>\r\n/// Opens doors.\r\n/// </summary>\r\n/// <param name=\"Id\">Which.</param>\r\n[Flags]\r\n#pragma warning disable CA1001\r\ninternal record Key(string Id);", "")]
    [InlineData("internal class Key\n{\n    /// <summary>Turns.</summary>\n    public void Turn();\n}", "Key")]
    [InlineData("/// <param name=\"Id\">Which.</param>\nrecord Key(string Id);", "Key")]
    [InlineData("/// <summary>Opens doors.</summary>\nclass Key;\n\n// What it opens.\nclass Door;", "Door")]
    public void A_type_without_a_summary_is_found(string source, string speechless) => Assert.Equal(speechless, string.Join(' ', SpeechlessIn(source)));

    [Theory]
    [InlineData("Key.cs", "public sealed record Key(string Id);")]
    [InlineData("Key.cs", "internal readonly record struct Key<T>(T Id);\n")]
    [InlineData("Key.Words.cs", "public static partial class Key\n{\n    private sealed class Inner;\n}")]
    [InlineData("KeyPage.razor.cs", "[Requires(Duty.ManageKeys)] public sealed partial class KeyPage;")]
    [InlineData("KeyOptions.cs", "class KeyOptions;\n\nclass KeyRules(IHostEnvironment environment) : IValidateOptions<KeyOptions>\n{\n}")]
    [InlineData("Program.cs", "await Host.RunAsync();")]
    public void One_type_under_its_own_name_is_as_it_should_be(string file, string source) => Assert.Empty(FaultsOf(file, source));

    [Theory]
    [InlineData("Key.cs", "class Key;\nclass Door;")]
    [InlineData("Key.cs", "public sealed record Key(string Id);\r\n\r\n/// <summary>A class of its own.</summary>\r\n[Flags]\r\npublic enum Door\r\n{\r\n}")]
    [InlineData("Key.cs", "interface Key;\ninternal delegate Task<Key?> Door(string id);")]
    [InlineData("Key.cs", "class Key;\nfile static class Extensions;")]
    [InlineData("Key.cs", "class Door;")]
    [InlineData("KeyOptions.cs", "class KeyOptions;\nclass KeyRules;")]
    [InlineData("KeyOptions.cs", "class KeyOptions;\nclass DoorRules : IValidateOptions<DoorOptions>;")]
    [InlineData("KeyOptions.cs", "class KeyOptions;\nenum Mode { A }\nclass KeyRules : IValidateOptions<KeyOptions>;")]
    public void Another_type_or_another_name_is_found(string file, string source) => Assert.NotEmpty(FaultsOf(file, source));

    private static IEnumerable<string> FaultsOf(string file, string source)
    {
        var types = TypesIn(source);
        if (types.Length > 0 && types[0] != NameOf(file))
        {
            yield return $"{Path.GetFileName(file)} holds {types[0]}: name the file after it.";
        }

        if (types.Length > 1 && !(types is [var options, var rules] && Validator(options, rules).IsMatch(source)))
        {
            yield return $"{Path.GetFileName(file)} holds {string.Join(", ", types)}: give each a file, or the group a line in the table.";
        }
    }

    // The compiler asks it of what is public alone.
    private static IEnumerable<string> SpeechlessIn(string source)
    {
        foreach (Match type in TopLevelType().Matches(source))
        {
            var before = source[..type.Index].ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Reverse()
                .TakeWhile(line => line.StartsWith("///", StringComparison.Ordinal) || line.StartsWith('[') || line.StartsWith('#'));
            if (!before.Any(line => line.Contains("<summary>", StringComparison.Ordinal)))
            {
                yield return type.Groups["name"].Value;
            }
        }
    }

    private static string[] Sources()
    {
        var files = Directory.GetFiles(Path.Combine(Checkout.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "obj" or "bin" or "node_modules")).ToArray();
        Assert.NotEmpty(files);
        return files;
    }

    // A part of a type, or what stands behind a component, has its own ending.
    private static string NameOf(string file) => Path.GetFileName(file).Split('.')[0];

    private static string[] TypesIn(string source) => [.. TopLevelType().Matches(source).Select(match => match.Groups["name"].Value)];

    private static Regex Validator(string options, string rules) => new($@"^[^/\r\n]*\bclass {rules}\b[^{{;]*: IValidateOptions<{options}>", RegexOptions.Multiline);

    // Namespaces have no braces here, which the compiler sees to: a type that stands at the margin is in no other.
    [GeneratedRegex(@"^(?:\[.*\] )?(?:[a-z]+ )*?(?:(?:class|interface|enum|struct|record(?: class| struct)?) |delegate .*?)(?<name>[A-Z]\w*)(?=\s*[<({:;\r\n]|$)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();
}
