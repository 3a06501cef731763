using Bunit;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Users;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Users;

/// <summary>The page over the real services, with a PocketBase that keeps what it finds to itself.</summary>
[Collection(DemoApp.Name)]
public sealed class UserSearchPageTests(DemoServer server) : ConsoleContext, IAsyncLifetime
{
    private readonly TaskCompletionSource _silence = new();
    private ConsoleServices _console = null!;

    public async ValueTask InitializeAsync()
    {
        _console = await ConsoleServices.StartAsync(server);
        _console.Relay.Intercept = async context =>
        {
            if (context.Request.Path == "/api/collections/users/records")
            {
                await _silence.Task;
            }

            return false;
        };
        Services.AddSingleton(_console.Directory);
        Services.AddSingleton(_console.As(Agent));
    }

    [Fact]
    public async Task A_search_overtaken_by_a_newer_one_that_is_refused_leaves_the_refusal()
    {
        var page = Render<UserSearchPage>();
        await page.WaitForAssertionAsync(() => Assert.Contains("Whom are you looking for?", page.Markup, StringComparison.Ordinal));
        await page.Find("input[type=search]").InputAsync("ada@example.com");
        await UntilRecordedAsync(AuditEventTypes.ReadRequested);
        Assert.Contains("Searching…", page.Markup, StringComparison.Ordinal);
        for (var search = 0; search < 60; search++)
        {
            _console.Get<Pace>().Take(Person(Agent).Id, Limit.Searches).Dispose();
        }

        await page.Find("input[type=search]").InputAsync("adam@example.com");

        await page.WaitForAssertionAsync(() => Assert.Contains("60 searches a minute", page.Markup, StringComparison.Ordinal));
        _silence.SetResult();
        // The older search is over once the trail says how it went.
        await UntilRecordedAsync(AuditEventTypes.UsersSearched);
        Assert.Contains("60 searches a minute", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Searching…", page.Markup, StringComparison.Ordinal);
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        await _console.DisposeAsync();
    }

    private async Task UntilRecordedAsync(string type)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!(await _console.TypesAsync()).Contains(type))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }
}
