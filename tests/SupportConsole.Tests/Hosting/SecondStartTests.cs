using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Hosting;

/// <summary>One database has one console: a second start changes nothing, and a killed one leaves nothing in the way.</summary>
[Collection(DemoApp.Name)]
public sealed class SecondStartTests(DemoServer server) : IAsyncLifetime
{
    private readonly SqliteFile _file = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(server.Executable is not null, "PocketBase is not installed: run 'npm ci' in src/SupportConsole/Demo.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_start_is_refused_in_one_sentence_before_it_writes_anything(bool samePort)
    {
        var port = Ports.Free();
        using var first = Start(port);
        await StartedAsync(1);
        var before = Events();

        using var second = Start(samePort ? port : Ports.Free());
        var (code, _, errors) = await second.EndAsync(Token);

        Assert.Equal(1, code);
        Assert.Contains("Another Support Console runs on the database", errors, StringComparison.Ordinal);
        Assert.Equal(before, Events());
        await first.KillAsync();
        using var third = Start(Ports.Free());
        await StartedAsync(2);
    }

    [Fact]
    public async Task Another_name_for_the_same_database_is_no_way_round()
    {
        using var first = Start(Ports.Free());
        await StartedAsync(1);
        var before = Events();
        var (symbolic, hard) = (Path.Combine(_file.Folder, "data", "symbolic.db"), Path.Combine(_file.Folder, "data", "hard.db"));
        File.CreateSymbolicLink(symbolic, _file.File);
        using (var second = StartOn(symbolic))
        {
            Assert.Contains("Another Support Console runs on the database", (await second.EndAsync(Token)).Errors, StringComparison.Ordinal);
        }

        using (var link = System.Diagnostics.Process.Start("ln", [_file.File, hard]))
        {
            await link.WaitForExitAsync(Token);
        }

        using var third = StartOn(hard);
        Assert.Contains("has 2 names (hard links)", (await third.EndAsync(Token)).Errors, StringComparison.Ordinal);
        Assert.Equal(before, Events());
        await first.KillAsync();
    }

    [Fact]
    public async Task Where_nothing_can_be_held_no_start_is_alone_and_none_is_made()
    {
        using var start = ConsoleProcess.StartSite(
            _file, server.Url, server.SuperuserToken, ["--urls", $"http://127.0.0.1:{Ports.Free()}"], new() { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" });

        var (code, _, errors) = await start.EndAsync(Token);

        Assert.Equal(1, code);
        Assert.Contains("while it is held, so two of them could change the same data unnoticed. Nothing was changed.", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_file.File));
    }

    private ConsoleProcess StartOn(string database) => ConsoleProcess.Start(
        _file, server.Url, server.SuperuserToken, "--urls", $"http://127.0.0.1:{Ports.Free()}", "--Storage:ConnectionString", $"Data Source={database}");

    private ConsoleProcess Start(int port) =>
        ConsoleProcess.Start(_file, server.Url, server.SuperuserToken, "--urls", $"http://127.0.0.1:{port}");

    // The demo's roles are the last that a first start writes.
    private Task StartedAsync(int starts) => Waiting.UntilAsync(
        () => File.Exists(_file.File) && Events() is var events && events.Count(type => type == "system.started") >= starts && events.Contains("role.granted"));

    private string[] Events()
    {
        using var connection = _file.Connect();
        if (connection.Number("SELECT count(*) FROM sqlite_master WHERE name = 'audit_event'") == 0)
        {
            return [];
        }

        using var rows = connection.Prepare("SELECT type FROM audit_event ORDER BY seq").ExecuteReader();
        List<string> types = [];
        while (rows.Read())
        {
            types.Add(rows.GetString(0));
        }

        return [.. types];
    }
}
