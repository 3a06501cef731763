using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Explaining;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Explaining.Trying;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>Where PocketBase has no companion hook, only what filters can say is told.</summary>
[Collection(DemoApp.Name)]
public sealed class RuleTrialWithoutCompanionTests(DemoServer server) : ServicesTest(server)
{
    private static readonly AppUserId Ada = User("u8k2m1c0a3l9x7q");

    [Theory]
    [InlineData("author = @request.auth.id")]
    [InlineData("status = 'draft' || (team != '' && team = @request.auth.team)")]
    [InlineData("")]
    [InlineData(null)]
    public async Task What_filters_can_say_is_told_for_the_user(string? edited)
    {
        var session = await Console.OpenAsync(Ada);
        var before = (await OfficialClient.VisiblePostsAsync(server, Ada.Record))[Ada.Record].ToHashSet();
        var all = (await server.AdminAsync(HttpMethod.Get, "/api/collections/posts/records?perPage=1000&fields=id,author,status,team")).GetProperty("items").EnumerateArray().ToArray();
        var team = (await server.AdminAsync(HttpMethod.Get, $"/api/collections/users/records/{Ada.Record}")).GetProperty("team").GetString();
        var after = all.Where(post => edited switch
        {
            null => false,
            "" => true,
            "author = @request.auth.id" => post.GetProperty("author").GetString() == Ada.Record,
            _ => post.GetProperty("status").GetString() == "draft" || (post.GetProperty("team").GetString() is { Length: > 0 } own && own == team),
        }).Select(post => post.GetProperty("id").GetString()!).ToHashSet();

        var told = await Console.Get<RuleTrial>().OfRecordsAsync(Console.As(Agent), session.Id, "posts", ReadRule.List, edited, Token).LastAsync(Token);

        Assert.Equal((after.Except(before).Count(), before.Except(after).Count(), true, false), (told.Appear, told.Disappear, told.IsOver, told.IsSampled));
        Assert.Equal(after.Except(before).Order(StringComparer.Ordinal).Take(TrialOfRecords.Named), told.AppearIds);
    }

    [Fact]
    public async Task What_they_can_not_say_needs_the_companion()
    {
        var session = await Console.OpenAsync(Ada);

        var refusal = await Assert.ThrowsAsync<AccessUnansweredException>(async () => await Console.Get<RuleTrial>().OfRecordsAsync(Console.As(Agent), session.Id, "posts", ReadRule.List, "@request.auth.team.posts_via_team.status = status", Token).ToListAsync(Token));
        Assert.Contains("companion hook", refusal.Message, StringComparison.Ordinal);
        refusal = await Assert.ThrowsAsync<AccessUnansweredException>(async () => await Console.Get<RuleTrial>().OfUsersAsync(Console.As(Agent), session.Id, "posts", "pw3lc0met0th3h4", ReadRule.List, "author = @request.auth.id", Token).ToListAsync(Token));
        Assert.Contains("companion hook", refusal.Message, StringComparison.Ordinal);
        refusal = await Assert.ThrowsAsync<AccessUnansweredException>(async () => await Console.Get<AffectedUsers>().CountAsync(Console.As(Agent), session.Id, "posts", "pw3lc0met0th3h4", ReadRule.List, null, Token).ToListAsync(Token));
        Assert.Contains("companion hook", refusal.Message, StringComparison.Ordinal);
    }
}
