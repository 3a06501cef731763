using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SupportConsole.PocketBase;

namespace SupportConsole.Tests.PocketBase;

/// <summary>What the types themselves promise about tokens and about writing.</summary>
public sealed class TokenSeclusionTests
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void The_client_of_a_session_has_no_method_that_writes()
    {
        string[] known =
        [
            "ListAsync", "ListEachAsync", "ViewAsync", "ReadBothWaysAsync", "ReadFileAsync", "ReadChangesAsync", "ProveAliveAsync", "ProveUnsharedAsync", "ProveGuardedAsync", "Forget", "Dispose", "ToString",
        ];

        var offered = typeof(ImpersonatedClient).GetMethods(Everything)
            .Where(m => (m.IsPublic || m.IsAssembly) && !m.IsSpecialName).Select(m => m.Name).Distinct();

        Assert.Empty(offered.Except(known));
        // Nothing goes in that could be a body.
        Assert.DoesNotContain(
            typeof(ImpersonatedClient).GetMethods(Everything).SelectMany(m => m.GetParameters()),
            p => typeof(JsonNode).IsAssignableFrom(p.ParameterType) || p.ParameterType == typeof(HttpMethod) || p.ParameterType == typeof(HttpContent));
    }

    [Fact]
    public void Neither_client_can_stand_in_for_the_other()
    {
        Assert.Equal((typeof(object), typeof(object)), (typeof(ImpersonatedClient).BaseType, typeof(SuperuserClient).BaseType));
        Assert.Empty(typeof(ImpersonatedClient).GetInterfaces().Intersect(typeof(SuperuserClient).GetInterfaces()));
        Assert.True(typeof(ImpersonatedClient).IsSealed && typeof(SuperuserClient).IsSealed);
    }

    [Fact]
    public void The_token_is_a_private_field_and_nothing_else_of_the_session_holds_text()
    {
        Assert.DoesNotContain(typeof(ImpersonatedClient).GetFields(Everything), f => f.FieldType == typeof(string));
        Assert.DoesNotContain(typeof(ImpersonatedClient).GetProperties(Everything), p => p.PropertyType == typeof(string) || p.PropertyType == typeof(MintedToken));
        var token = Assert.Single(typeof(ImpersonatedClient).GetFields(Everything), f => f.FieldType == typeof(MintedToken));
        Assert.True(token.IsPrivate);
        Assert.Equal(
            ["RecordId", "SeenAs"], typeof(MintedToken).GetProperties(Everything).Where(p => p.PropertyType == typeof(string)).Select(p => p.Name));
        Assert.All(typeof(MintedToken).GetFields(Everything), f => Assert.True(f.IsPrivate));
        Assert.DoesNotContain(typeof(SuperuserSession).GetProperties(Everything), p => p.PropertyType == typeof(string));
        Assert.False(typeof(ISerializable).IsAssignableFrom(typeof(ImpersonatedClient)) || typeof(ISerializable).IsAssignableFrom(typeof(MintedToken)));
    }

    [Fact]
    public void An_answer_prints_nothing_of_its_body()
    {
        var answer = new PocketBaseAnswer(System.Net.HttpStatusCode.OK, JsonSerializer.Deserialize<JsonElement>("""{"token":"secret"}"""), default);

        Assert.DoesNotContain("secret", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_superuser_use_has_a_name_of_its_own_and_a_reason()
    {
        var uses = typeof(SuperuserUse).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(p => (SuperuserUse)p.GetValue(null)!).ToList();

        Assert.Equal(uses.Count, uses.Select(u => u.Name).Distinct().Count());
        Assert.All(uses, u => Assert.EndsWith(".", u.Reason, StringComparison.Ordinal));
        Assert.DoesNotContain(typeof(SuperuserUse).GetConstructors(), c => c.IsPublic);
    }

    [Fact]
    public void A_caller_cannot_break_out_of_the_header()
    {
        var caller = new Caller("abc\r\nAuthorization: x", "s (1); é");

        Assert.Equal("SupportConsole/1.0 (session s1; actor abcAuthorizationx)", caller.AsUserAgent());
        Assert.Equal("SupportConsole/1.0 (read-user; actor none)", new Caller("").AsUserAgent(SuperuserUse.ReadUser));
        Assert.True(new Caller(new string('a', 5000)).AsUserAgent().Length < 200);
    }
}
