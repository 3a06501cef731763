using CsCheck;
using SupportConsole.Core.Users;

namespace SupportConsole.Core.Tests.Users;

public sealed class AppUserIdTests
{
    [Fact]
    public void An_id_that_exists_is_one_segment_of_an_address() =>
        Gen.String.Sample(text =>
        {
            if (AppUserId.TryCreate("users", text, out var user))
            {
                Assert.Equal(text, user.Record);
                Assert.Equal($"/users/{user.EscapedRecord}", new Uri($"http://h/users/{user.EscapedRecord}").AbsolutePath);
            }
        });

    [Theory]
    [InlineData("users", "..")]
    [InlineData("users", "a/../../_superusers")]
    [InlineData("users", "a%2f..")]
    [InlineData("users", "")]
    [InlineData("users", null)]
    [InlineData("_superusers", "a")]
    [InlineData("_SUPERUSERS", "a")]
    [InlineData("_SuperUsers", "a")]
    [InlineData("pbc_3142635823", "a")]
    [InlineData(".", "a")]
    [InlineData("users/records", "a")]
    [InlineData("users", "a/b")]
    [InlineData("users", "a\\b")]
    [InlineData("users", "a'b")]
    [InlineData("users", "a\"b")]
    [InlineData("users", "a\0b")]
    [InlineData("users", "a b")]
    [InlineData("users", "a?x=1")]
    [InlineData("users", "a*b")]
    [InlineData("users", "a`b")]
    [InlineData("users", "a|b")]
    [InlineData("users", "a<b")]
    [InlineData("users", "a:b")]
    [InlineData("users", "a$b")]
    [InlineData("users", "a\u007Fb")]
    public void What_could_climb_out_or_name_a_superuser_is_no_id(string collection, string? record) =>
        Assert.False(AppUserId.TryCreate(collection, record, out _));

    [Fact]
    public void Half_a_character_is_no_id() => Assert.False(AppUserId.TryCreate("users", "a\uD83Db", out _));

    [Theory]
    [InlineData("usr_42")]
    [InlineData("0190a6e2-7c1b-7def-8a2b-1c2d3e4f5a6b")]
    [InlineData("ADA-1")]
    [InlineData("ada@home")]
    [InlineData("a#b&c+d=e")]
    [InlineData("日本")]
    [InlineData("é")]
    [InlineData("😀")]
    public void Every_id_that_an_app_can_give_is_one(string record)
    {
        Assert.True(AppUserId.TryCreate("users", record, out var user));
        Assert.Equal(record, user.Record);
    }

    [Fact]
    public void An_id_has_an_end()
    {
        Assert.True(AppUserId.TryCreate("users", new string('a', 500), out _));
        Assert.False(AppUserId.TryCreate("users", new string('a', 501), out _));
        Assert.False(AppUserId.TryCreate("users", new string('a', 10 * 1024 * 1024), out _));
    }
}
