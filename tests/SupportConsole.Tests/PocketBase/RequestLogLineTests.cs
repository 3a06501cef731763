using SupportConsole.PocketBase;

namespace SupportConsole.Tests.PocketBase;

/// <summary>PocketBase's log keeps whole addresses; what is in them isn't to be seen a second time.</summary>
public sealed class RequestLogLineTests
{
    private const string Token = "eyJhbGciOiJIUzI1NiJ9.eyJpZCI6InUxIn0.c2lnbmF0dXJl";

    [Theory]
    [InlineData($"/api/files/posts/p1/a.png?token={Token}&thumb=100x100", "/api/files/posts/p1/a.png?token=(left out)&thumb=100x100")]
    [InlineData($"/api/files/posts/p1/a.png?TOKEN={Token}", "/api/files/posts/p1/a.png?TOKEN=(left out)")]
    [InlineData($"/api/files/posts/p1/a.png?%74oken={Token}", "/api/files/posts/p1/a.png?token=(left out)")]
    [InlineData($"/api/files/posts/p1/a.png?page={Token}", "/api/files/posts/p1/a.png?page=(left out)")]
    [InlineData($"/api/files/posts/p1/a.png?{Token}", "/api/files/posts/p1/a.png?…=(left out)")]
    [InlineData($"/api/files/posts/p1/{Token}", "/api/files/posts/p1/(left out)")]
    [InlineData("/api/collections/users/records?page=1&filter=email%3D%22ada%40example.com%22&once=0a0b", "/api/collections/users/records?page=1&filter=(left out)")]
    [InlineData("/api/collections/a%20b/records/x%2Fy", "/api/collections/a b/records/x/y")]
    [InlineData("/api/health", "/api/health")]
    [InlineData("", "")]
    public void An_address_is_shown_without_what_it_must_not_give_away(string url, string shown)
    {
        var (path, parameters) = RequestLogLine.Read(url);

        Assert.Equal(shown, new RequestLogLine(default, "GET", path, 200, "", "") { Parameters = parameters }.Shown);
    }
}
