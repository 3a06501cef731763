using System.Text.Json;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;

namespace SupportConsole.Tests.PocketBase;

public sealed class UserRecordsTests
{
    [Theory]
    [InlineData("Ada Lovelace", "ada", "ada@example.com", "Ada Lovelace")]
    [InlineData("\u200B\u2800", "ada", "ada@example.com", "ada")]
    [InlineData("\u3164", " \u202E", "ada@example.com", "ada@example.com")]
    [InlineData("", "\u115F\u1160", "", "u8k2m1c0a3l9x7q")]
    public void A_name_with_nothing_to_see_gives_way_to_the_next(string name, string username, string email, string shown)
    {
        Assert.True(AppUserId.TryCreate("users", "u8k2m1c0a3l9x7q", out var id));

        var user = UserRecords.ToSummary(id, new PocketBaseRecord(JsonSerializer.SerializeToElement(new { name, username, email })), isProtected: false);

        Assert.Equal(shown, user.Name);
    }
}
