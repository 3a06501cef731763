using Microsoft.AspNetCore.Http;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

/// <summary>
/// A real process killed at each request of a change, before PocketBase hears of it and after it has answered: what the next start
/// finds, and what it makes of it.
/// </summary>
[Collection(DemoApp.Name)]
public sealed class KeyCrashTests(DemoServer server) : IAsyncLifetime
{
    private readonly SqliteFile _file = new();
    private ConsoleServices _console = null!;

    public enum At
    {
        Before,
        After,
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync(server, _file);

    public async ValueTask DisposeAsync()
    {
        await _console.DisposeAsync();
        await _file.DisposeAsync();
    }

    public static TheoryData<string, At> StepsOfCreate => Each("record", "look", "mint", "check");

    public static TheoryData<string, At> StepsOfRevoke => Each("look", "change", "proof");

    [Theory]
    [MemberData(nameof(StepsOfCreate))]
    public async Task Killed_while_a_key_is_made_nothing_of_it_is_left(string step, At at)
    {
        await KillAtAsync(step, at, "create", "--name", "importer", "--purpose", "Imports the catalogue", "--days", "30", "--out", "key");
        var left = Assert.Single(await _console.Get<KeyBook>().AllAsync(Token));
        Assert.Equal(KeyPhase.Making, left.Phase);

        await StartAnewAsync();

        Assert.Empty(await _console.Get<KeyBook>().AllAsync(Token));
        Assert.False(await server.HasAccountAsync(left.Id));
        Assert.Equal("", await File.ReadAllTextAsync(Path.Combine(_file.Folder, "key"), Token));
        var told = (await _console.EventsAsync())[^1];
        Assert.Equal((AuditEventTypes.KeyCreateFailed, StaffId.System, left.Id), (told.Type, told.Actor.Id, told.Subject!.Id));
        using var again = await _console.MakeKeyAsync(Wish("importer"));
    }

    [Theory]
    [MemberData(nameof(StepsOfCreate))]
    public async Task Killed_while_a_key_is_rotated_the_old_one_is_as_it_was(string step, At at)
    {
        using var old = await _console.MakeKeyAsync();
        await KillAtAsync(step, at, "rotate", old.Key.Id, "--days", "30", "--overlap-hours", "1", "--out", "key");
        var left = Assert.Single(await _console.Get<KeyBook>().AllAsync(Token), key => key.Id != old.Key.Id);

        await StartAnewAsync();

        var key = Assert.Single(await _console.Get<KeyBook>().AllAsync(Token));
        Assert.Equal((old.Key.Id, KeyPhase.Live, null), (key.Id, key.Phase, key.RevokeAt));
        Assert.Equal(25, (await server.ListAsync("data", old.Reveal())).Count);
        Assert.False(await server.HasAccountAsync(left.Id));
        using var again = await _console.Keys.RotateAsync(_console.As(Admin), old.Key.Id, TimeSpan.FromHours(1), new KeyLife(30), Token);
    }

    [Theory]
    [MemberData(nameof(StepsOfRevoke))]
    public async Task Killed_while_a_key_is_revoked_the_next_start_revokes_and_proves_it(string step, At at)
    {
        using var key = await _console.MakeKeyAsync();
        using var other = await _console.MakeKeyAsync();
        await KillAtAsync(step, at, "revoke", key.Key.Id, "--reason", "The partner left");
        Assert.Equal(KeyPhase.Revoking, (await _console.Get<KeyBook>().FindAsync(key.Key.Id, Token))!.Phase);

        await StartAnewAsync();

        var revoked = (await _console.Get<KeyBook>().FindAsync(key.Key.Id, Token))!;
        Assert.Equal((KeyPhase.Revoked, "Ines Duarte", "The partner left"), (revoked.Phase, revoked.Revocation!.ByName, revoked.Revocation.Reason));
        Assert.Contains("401", revoked.Revocation.Proof, StringComparison.Ordinal);
        Assert.Empty(await server.ListAsync("data", key.Reveal()));
        Assert.Equal(25, (await server.ListAsync("data", other.Reveal())).Count);
    }

    /// <summary>Runs a command until it comes to a step, and kills it there.</summary>
    private async Task KillAtAsync(string step, At at, params string[] command)
    {
        var come = new TaskCompletionSource();
        var changed = false;
        var minted = 0;
        _console.Relay.Intercept = async context =>
        {
            minted += IsMint(context) ? 1 : 0;
            if (at == At.Before && IsStep(context))
            {
                await HoldAsync(context);
                return true;
            }

            return false;
        };
        _console.Relay.Answered = async context =>
        {
            changed |= context.Request.Method == "PATCH";
            if (at == At.After && IsStep(context))
            {
                await HoldAsync(context);
            }
        };
        using var process = ConsoleProcess.Start(
            _file, _console.Relay.Url, server.SuperuserToken, ["keys", .. command, "--as", Person(Admin).Id.Value]);

        var ended = process.EndAsync(Token);
        Assert.True(await Task.WhenAny(come.Task, ended) == come.Task, $"It ended before the step: {(ended.IsCompleted ? await ended : default)}");
        await process.KillAsync();

        // The console that looks now is the next start's.
        _console.Relay.Intercept = _ => Task.FromResult(false);
        _console.Relay.Answered = _ => Task.CompletedTask;

        async Task HoldAsync(HttpContext context)
        {
            come.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        bool IsStep(HttpContext context) => step switch
        {
            "record" => context.Request.Method == "POST" && context.Request.Path.Value!.EndsWith("/records", StringComparison.Ordinal),
            "look" => IsMint(context) && minted == 1,
            "mint" => IsMint(context) && minted == 2,
            "check" => minted == 2 && context.Request.Path == "/api/files/token",
            "change" => context.Request.Method == "PATCH",
            "proof" => changed && context.Request.Path == "/api/files/token",
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
        };
    }

    private static bool IsMint(HttpContext context) => context.Request.Path.Value!.Contains("/impersonate/", StringComparison.Ordinal);

    private async Task StartAnewAsync()
    {
        await _console.DisposeAsync();
        _console = await ConsoleServices.StartAsync(server, _file);
        Assert.True(await _console.Keeper.KeepAsync(includeWaiting: true, Token));
    }

    private static TheoryData<string, At> Each(params string[] steps)
    {
        var all = new TheoryData<string, At>();
        foreach (var step in steps)
        {
            all.Add(step, At.Before);
            all.Add(step, At.After);
        }

        return all;
    }
}
