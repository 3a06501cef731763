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
                Assert.Equal(user.Record, Uri.EscapeDataString(user.Record));
                Assert.Equal($"/users/{text}", new Uri($"http://h/{user}").AbsolutePath);
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
    [InlineData(".", "a")]
    [InlineData("users/records", "a")]
    [InlineData("users", "a/b")]
    [InlineData("users", "a\\b")]
    [InlineData("users", "a'b")]
    [InlineData("users", "a\"b")]
    [InlineData("users", "a\0b")]
    [InlineData("users", "a b")]
    [InlineData("users", "a?x=1")]
    [InlineData("users", "a#x")]
    [InlineData("users", "é")]
    [InlineData("users", "１")]
    public void What_could_climb_out_or_name_a_superuser_is_no_id(string collection, string? record) =>
        Assert.False(AppUserId.TryCreate(collection, record, out _));

    [Fact]
    public void An_id_has_at_most_a_hundred_characters()
    {
        Assert.True(AppUserId.TryCreate("users", new string('a', 100), out _));
        Assert.False(AppUserId.TryCreate("users", new string('a', 101), out _));
        Assert.False(AppUserId.TryCreate("users", new string('a', 10 * 1024 * 1024), out _));
    }
}
