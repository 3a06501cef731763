using System.Reflection;
using ArchUnitNET.Loader;
using Microsoft.AspNetCore.Components;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ViewAs;
using SupportConsole.PocketBase;
using SupportConsole.Site;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace SupportConsole.Tests.Architecture;

/// <summary>What may know what. A new edge is a new line in the table, seen in review.</summary>
public sealed class LayersTests
{
    private const string Root = "SupportConsole";

    private static readonly Assembly Console = typeof(App).Assembly;
    private static readonly ArchUnitNET.Domain.Architecture Loaded = new ArchLoader().LoadAssemblies(Console, typeof(Role).Assembly).Build();

    private static readonly Dictionary<string, string[]> Slices = new()
    {
        ["Audit"] = [],
        ["ViewAs"] = ["Audit"],
        ["Roles"] = ["Audit", "ViewAs"],
        ["SignIn"] = ["Audit", "Roles"],
        ["Users"] = ["Audit", "ViewAs"],
        ["ApiKeys"] = ["Audit"],
        ["SetUp"] = ["Audit"],
    };

    // Pages that no duty opens: for strangers, for people without a role, and the one that sends everybody on.
    private static readonly string[] OpenPages = ["/", "/no-access", "/signin", "/signed-out", "/error", "/not-found"];

    [Fact]
    public void The_table_names_every_feature() =>
        Assert.Equal(
            Slices.Keys.Order(),
            Console.GetTypes().Select(type => type.Namespace ?? "").Where(name => name.StartsWith($"{Root}.Features.", StringComparison.Ordinal))
                .Select(name => name.Split('.')[2]).Distinct().Order());

    [Fact]
    public void A_feature_knows_only_the_features_of_the_table()
    {
        foreach (var (slice, allowed) in Slices)
        {
            foreach (var other in Slices.Keys.Except([slice, .. allowed]))
            {
                AssertApart($"Features.{slice}", $"Features.{other}");
            }
        }
    }

    [Theory]
    [InlineData("Access")]
    [InlineData("Ui")]
    [InlineData("PocketBase")]
    [InlineData("Storage")]
    public void What_features_stand_on_knows_none_of_them(string layer)
    {
        AssertApart(layer, "Features");
        AssertApart(layer, "Site");
        AssertApart(layer, "Hosting");
        AssertApart(layer, "Demo");
    }

    [Theory]
    [InlineData("Site")]
    [InlineData("Hosting")]
    [InlineData("Demo")]
    public void Features_know_nothing_of_what_stands_around_them(string around) => AssertApart("Features", around);

    [Theory]
    [InlineData("Site", "Hosting")]
    [InlineData("Hosting", "Site")]
    [InlineData("Demo", "Site")]
    [InlineData("Demo", "Hosting")]
    public void What_stands_around_the_features_stands_apart(string room, string other) => AssertApart(room, other);

    [Theory]
    [InlineData("PocketBase", "Storage")]
    [InlineData("PocketBase", "Access")]
    [InlineData("PocketBase", "Ui")]
    [InlineData("Storage", "PocketBase")]
    [InlineData("Storage", "Access")]
    [InlineData("Storage", "Ui")]
    [InlineData("Access", "PocketBase")]
    [InlineData("Access", "Storage")]
    [InlineData("Access", "Ui")]
    [InlineData("Ui", "PocketBase")]
    [InlineData("Ui", "Storage")]
    public void Edges_do_not_know_each_other(string layer, string other) => AssertApart(layer, other);

    [Fact]
    public void The_core_stands_on_the_framework_alone() =>
        Assert.All(typeof(Role).Assembly.GetReferencedAssemblies(), reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));

    [Fact]
    public void Every_page_names_its_duty_or_is_open_on_purpose()
    {
        var pages = Console.GetTypes().Where(type => type.GetCustomAttributes<RouteAttribute>().Any()).ToArray();

        var withoutDuty = pages.Where(page => page.GetCustomAttribute<RequiresAttribute>() is null)
            .SelectMany(page => page.GetCustomAttributes<RouteAttribute>()).Select(route => route.Template);
        Assert.Equal(OpenPages.Order(), withoutDuty.Order());
        Assert.NotEmpty(pages);
    }

    [Fact]
    public void Reading_as_a_user_has_no_way_to_write()
    {
        var methods = typeof(ImpersonatedClient).GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(method => method.IsPublic || method.IsAssembly).Select(method => method.Name);

        // The two that are no reads drop the token or prove it.
        Assert.All(methods, name => Assert.Matches("^(List|View|Read|Prove|Forget|Dispose|ToString|get_)", name));
    }

    [Fact]
    public void Nothing_public_hands_out_the_way_to_a_users_token() =>
        Assert.DoesNotContain(
            typeof(LiveSession).GetProperties(BindingFlags.Instance | BindingFlags.Public), property => property.PropertyType == typeof(ImpersonatedClient));

    [Fact]
    public void No_component_gets_hold_of_what_ends_sessions_without_asking_for_a_duty() =>
        Assert.Empty(Console.GetTypes().Where(type => typeof(ComponentBase).IsAssignableFrom(type))
            .SelectMany(type => type.GetFields(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(SessionEnds) || field.FieldType == typeof(IServiceProvider))
            .Select(field => $"{field.DeclaringType}.{field.Name}"));

    [Fact]
    public void Classes_of_the_console_are_sealed() =>
        Assert.Empty(Console.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false, IsSealed: false, IsNested: false }
            && !typeof(ComponentBase).IsAssignableFrom(type) && type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true
            && type.Name != "_Imports" && !type.Name.Contains('<', StringComparison.Ordinal)).Select(type => type.FullName));

    private static void AssertApart(string layer, string other)
    {
        var rule = Types().That().ResideInNamespaceMatching(Pattern(layer))
            .Should().NotDependOnAny(Types().That().ResideInNamespaceMatching(Pattern(other)))
            .WithoutRequiringPositiveResults();
        var broken = rule.Evaluate(Loaded).Where(result => !result.Passed).Select(result => result.Description).ToArray();

        Assert.Empty(broken);
    }

    private static string Pattern(string part) => $@"^SupportConsole\.{part.Replace(".", @"\.", StringComparison.Ordinal)}(\..*)?$";
}
