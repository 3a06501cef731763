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
    [InlineData(".", "a")]
    public void What_could_climb_out_or_name_a_superuser_is_no_id(string collection, string? record) =>
        Assert.False(AppUserId.TryCreate(collection, record, out _));
}
