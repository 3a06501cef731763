using SupportConsole.Features.ViewAs.Bodies;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>What a body costs the console, whatever it is made of.</summary>
[Collection(Alone.Name)]
public sealed class BodyCostTests
{
    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Whatever_a_megabyte_is_made_of_costs_little(string kind)
    {
        var body = HostileBodies.All[kind];
        ShownBody.Of("editor", body[..10_000]);

        var cost = await Cost.OfAsync(() => ShownBody.Of("editor", body));

        Assert.InRange(cost.Time, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(cost.PeakBytes, 0, 50_000_000);
    }

    [Theory]
    [InlineData("text", "data:")]
    [InlineData("text", "data:,")]
    [InlineData("text", "data:a/b;base64,AAAA ")]
    [InlineData("text", "\r\n")]
    [InlineData("json", "[")]
    [InlineData("json", "{\"a\":")]
    [InlineData("json", "\\u003c")]
    public async Task A_megabyte_that_is_no_markup_costs_little_too(string type, string piece)
    {
        var stored = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        stored = type == "json" ? $"[\"{stored.Replace("\"", "", StringComparison.Ordinal)}\",{stored}" : stored;

        var cost = await Cost.OfAsync(() => ShownBody.Of(type, stored));

        Assert.InRange(cost.Time, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(cost.PeakBytes, 0, 50_000_000);
    }

    public static TheoryData<string> Hostile => [.. HostileBodies.All.Keys];
}
