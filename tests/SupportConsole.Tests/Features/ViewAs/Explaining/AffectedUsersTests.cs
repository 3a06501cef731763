using SupportConsole.Core.Audit;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Explaining;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Explaining.Trying;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>For how many users a rule or a condition doesn't hold, against what each of them sees through PocketBase's own client.</summary>
public sealed class AffectedUsersTests(GuardedApp server) : ServicesTest(server, ("ViewAs:ProtectedUsers", "")), IClassFixture<GuardedApp>
{
    private const string AdasDraft = "p1nv0icetempl8t";
    private static readonly AppUserId Ada = User("u8k2m1c0a3l9x7q");

    [Fact]
    public async Task A_rule_fails_those_who_do_not_see_the_record()
    {
        var session = await Console.OpenAsync(Ada);
        string[] users = [.. (await server.AdminAsync(HttpMethod.Get, "/api/collections/users/records?perPage=1000&sort=id&fields=id")).GetProperty("items").EnumerateArray().Select(user => user.GetProperty("id").GetString()!)];
        var seen = await OfficialClient.VisiblePostsAsync(server, users);
        var posts = seen.Values.SelectMany(ids => ids).Distinct().Order(StringComparer.Ordinal).ToArray();

        foreach (var post in posts.Where((_, at) => at % (posts.Length / 20) == 0).Append(AdasDraft))
        {
            var affected = await Console.Get<AffectedUsers>().CountAsync(Console.As(Agent), session.Id, "posts", post, ReadRule.List, null, Token).LastAsync(Token);

            string[] without = [.. users.Where(user => !seen[user].Contains(post))], with = [.. users.Where(user => seen[user].Contains(post))];
            Assert.Equal(new AffectedSoFar(users.Length, without.Length, without.FirstOrDefault(), with.Length, with.FirstOrDefault(), 0, true), affected);
        }

        var entry = (await Console.EventsAsync(session.Id))[^1];
        Assert.Equal((AuditEventTypes.AccessAffectedCounted, $"list rule, {users.Length} users: doesn't hold for {users.Length - 1}, holds for 1"), (entry.Type, entry.Detail));
        Assert.Equal([AdasDraft], entry.Target!.RecordIds);
    }

    [Fact]
    public async Task One_condition_is_counted_by_itself_and_only_one_that_the_rule_has()
    {
        var session = await Console.OpenAsync(Ada);
        var affected = await CountAsync(session.Id, "author = @request.auth.id");
        Assert.Equal((1, Ada.Record), (affected.Holds, affected.HoldsFor));
        var draft = await CountAsync(session.Id, "status = 'published'");
        Assert.Equal((0, draft.Asked), (draft.Holds, draft.Fails));

        var refusal = await Assert.ThrowsAsync<AccessUnansweredException>(() => CountAsync(session.Id, "moderation_note ~ 'a'"));
        Assert.Contains("no such condition", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rule_is_read_as_it_is_now()
    {
        var session = await Console.OpenAsync(Ada);
        var rule = (await server.AdminAsync(HttpMethod.Get, "/api/collections/posts")).GetProperty("viewRule").GetString();
        try
        {
            foreach (var (changed, fails) in (((string?, bool)[])[(null, true), ("", false), ("@request.auth.id = ''", true)]))
            {
                await server.AdminAsync(HttpMethod.Patch, "/api/collections/posts", new() { ["viewRule"] = changed });
                var affected = await Console.Get<AffectedUsers>().CountAsync(Console.As(Agent), session.Id, "posts", AdasDraft, ReadRule.View, null, Token).LastAsync(Token);
                Assert.Equal(fails ? (affected.Asked, 0) : (0, affected.Asked), (affected.Fails, affected.Holds));
            }

            await server.AdminAsync(HttpMethod.Patch, "/api/collections/posts", new() { ["viewRule"] = "@request.query.x = '1' || status = 'draft' && @request.headers.y = '2'" });
            Assert.Equal(0, (await Console.Get<AffectedUsers>().CountAsync(Console.As(Agent), session.Id, "posts", AdasDraft, ReadRule.View, null, Token).LastAsync(Token)) is { Undecided: > 0, Fails: 0 } ? 0 : 1);
            Assert.Contains("looks at the request", (await Assert.ThrowsAsync<AccessUnansweredException>(async () => await Console.Get<AffectedUsers>().CountAsync(Console.As(Agent), session.Id, "posts", AdasDraft, ReadRule.View, "@request.query.x = '1'", Token).LastAsync(Token))).Message, StringComparison.Ordinal);
        }
        finally
        {
            await server.AdminAsync(HttpMethod.Patch, "/api/collections/posts", new() { ["viewRule"] = rule });
        }
    }

    private async Task<AffectedSoFar> CountAsync(string session, string condition) =>
        await Console.Get<AffectedUsers>().CountAsync(Console.As(Agent), session, "posts", AdasDraft, ReadRule.List, condition, Token).LastAsync(Token);
}
