using System.Text.Json;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

/// <summary>The command line as scripts call it: exit codes, JSON, and where a key is written.</summary>
[Collection(DemoApp.Name)]
public sealed class KeysCommandTests(DemoServer server) : IAsyncLifetime
{
    private static readonly string[] Making = ["--name", "importer", "--purpose", "Imports the catalogue", "--days", "30"];
    private readonly SqliteFile _file = new();
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string KeyFile => Path.Combine(_file.Folder, "key");

    public async ValueTask InitializeAsync() => _console = await ConsoleServices.StartAsync(server, _file);

    public async ValueTask DisposeAsync()
    {
        await _console.DisposeAsync();
        await _file.DisposeAsync();
    }

    [Fact]
    public async Task A_key_is_written_to_a_file_of_its_owners_alone_and_works()
    {
        var (code, output, errors) = await RunAsync(["create", .. Making, "--out", KeyFile]);

        Assert.Equal((0, ""), (code, errors));
        var said = JsonSerializer.Deserialize<JsonElement>(output);
        var token = await File.ReadAllTextAsync(KeyFile, Token);
        Assert.Equal(KeyFingerprint.Of(token), said.GetProperty("fingerprint").GetString());
        Assert.DoesNotContain(token, output, StringComparison.Ordinal);
        Assert.Equal(25, (await server.ListAsync("data", token)).Count);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }
    }

    [Fact]
    public async Task Everything_is_recorded_with_the_account_it_was_run_from()
    {
        await RunAsync(["create", .. Making, "--out", KeyFile]);

        Assert.Equal(
            [AuditEventTypes.SignedIn, AuditEventTypes.KeyRequested, AuditEventTypes.KeyCreated, AuditEventTypes.SignedOut], await _console.TypesAsync());
        Assert.All(
            (await _console.EventsAsync())[^4..], told =>
            {
                Assert.Equal(Person(Admin).Id, told.Actor.Id);
                Assert.StartsWith("command line, account ", told.ClientAddress, StringComparison.Ordinal);
            });
    }

    [Fact]
    public async Task On_a_terminal_the_key_is_shown_once()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no 'script' to make a terminal with.");
        using var terminal = ConsoleProcess.StartOnTerminal(
            _file, _console.Relay.Url, server.SuperuserToken, ["keys", "create", .. Making, "--as", Person(Admin).Id.Value]);

        var (code, output, _) = await terminal.EndAsync(Token);

        Assert.Equal(0, code);
        Assert.Single(Tokens.Shape().Matches(output));
        var token = output[output.IndexOf("eyJ", StringComparison.Ordinal)..].Trim();
        Assert.Equal(25, (await server.ListAsync("data", token)).Count);
    }

    [Fact]
    public async Task A_key_never_goes_into_a_pipe()
    {
        var (code, output, errors) = await RunAsync(["create", .. Making]);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("--out", errors, StringComparison.Ordinal);
        Assert.Empty(await _console.Get<KeyBook>().AllAsync(Token));
    }

    [Fact]
    public async Task A_file_that_is_there_is_left_alone_and_no_key_made()
    {
        await File.WriteAllTextAsync(KeyFile, "something else", Token);

        var (code, _, errors) = await RunAsync(["create", .. Making, "--out", KeyFile]);

        Assert.Equal(2, code);
        Assert.Contains("Nothing was made", errors, StringComparison.Ordinal);
        Assert.Equal("something else", await File.ReadAllTextAsync(KeyFile, Token));
        Assert.Empty(await _console.Get<KeyBook>().AllAsync(Token));
    }

    [Fact]
    public async Task Keys_are_listed_rotated_and_revoked()
    {
        using var key = await _console.MakeKeyAsync();

        var rotated = await RunAsync(["rotate", key.Key.Id, "--days", "60", "--overlap-hours", "1", "--out", KeyFile]);
        var revoked = await RunAsync(["revoke", key.Key.Id, "--reason", "The partner left"]);
        var listed = await RunAsync(["list", "--state", "active"]);

        Assert.Equal((0, 0, 0), (rotated.Code, revoked.Code, listed.Code));
        Assert.Equal(key.Key.Id, JsonSerializer.Deserialize<JsonElement>(rotated.Output).GetProperty("replaces").GetString());
        Assert.Contains("401", JsonSerializer.Deserialize<JsonElement>(revoked.Output).GetProperty("proof").GetString(), StringComparison.Ordinal);
        var active = Assert.Single(JsonSerializer.Deserialize<JsonElement>(listed.Output).EnumerateArray());
        Assert.Equal(JsonSerializer.Deserialize<JsonElement>(rotated.Output).GetProperty("id").GetString(), active.GetProperty("id").GetString());
        Assert.Equal(25, (await server.ListAsync("data", await File.ReadAllTextAsync(KeyFile, Token))).Count);
    }

    [Fact]
    public async Task Whoever_lacks_the_duty_is_refused_and_recorded()
    {
        var (code, output, errors) = await RunAsync(["create", .. Making, "--out", KeyFile], Agent);

        Assert.Equal((3, ""), (code, output));
        Assert.Equal(3, JsonSerializer.Deserialize<JsonElement>(errors).GetProperty("exitCode").GetInt32());
        Assert.Contains((await _console.EventsAsync()), told => told.Type == AuditEventTypes.PolicyDenied && told.Actor.Id == Person(Agent).Id);
        Assert.False(File.Exists(KeyFile));
    }

    [Theory]
    [InlineData("create", "--name", "x")]
    [InlineData("create", "--name", "importer", "--purpose", "Imports the catalogue", "--until", "31.12.2027", "--out", "key")]
    [InlineData("create", "--name", "importer", "--purpose", "Imports the catalogue", "--days", "many", "--out", "key")]
    [InlineData("create", "--name", "importer", "--purpose", "Imports the catalogue", "--out", "key")]
    [InlineData("unknown")]
    public async Task A_wrong_command_line_does_nothing(params string[] command)
    {
        var (code, output, errors) = await RunAsync(command);

        Assert.Equal((2, ""), (code, output));
        Assert.NotEqual("", JsonSerializer.Deserialize<JsonElement>(errors).GetProperty("error").GetString());
        Assert.Empty(_console.Relay.Requests);
    }

    [Fact]
    public async Task A_rule_that_stands_against_it_and_a_server_that_is_down_have_codes_of_their_own()
    {
        var refused = await RunAsync(["create", "--name", "importer", "--purpose", "Imports the catalogue", "--days", "400", "--out", KeyFile]);
        _console.Relay.AnswerAlways(503, "text/plain", "maintenance");
        var unavailable = await RunAsync(["create", .. Making, "--out", KeyFile]);

        Assert.Equal((3, 4), (refused.Code, unavailable.Code));
        Assert.Contains("beyond what policy allows", refused.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(KeyFile));
    }

    [Fact]
    public async Task A_revocation_that_is_not_proved_has_a_code_of_its_own()
    {
        using var key = await _console.MakeKeyAsync();
        _console.Relay.AnswerAlways(503, "text/plain", "maintenance");

        var (code, _, errors) = await RunAsync(["revoke", key.Key.Id, "--reason", "The partner left"]);

        Assert.Equal(5, code);
        Assert.Contains("may still work", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trail_that_can_not_be_written_means_no_command_and_is_said()
    {
        using var held = _console.LockTrail();

        var (code, output, errors) = await RunAsync(["list"]);

        Assert.Equal((4, ""), (code, output));
        Assert.Contains("audit trail can't be written", JsonSerializer.Deserialize<JsonElement>(errors).GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(_console.Relay.Requests);
    }

    [Fact]
    public async Task A_wrong_configuration_is_said_in_plain_words()
    {
        using var process = ConsoleProcess.Start(_file, new Uri("ftp://api.example.test"), server.SuperuserToken, "keys", "list", "--as", Person(Admin).Id.Value);

        var (code, _, errors) = await process.EndAsync(Token);

        Assert.Equal(1, code);
        Assert.Contains("- PocketBase:Url is 'ftp://api.example.test/'", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_command_changes_is_told_to_pages_that_are_open()
    {
        using var key = await _console.MakeKeyAsync();
        List<ApiKey> told = [];
        using var page = _console.Get<KeyChanges>().Subscribe(keys =>
        {
            told.AddRange(keys);
            return Task.CompletedTask;
        });
        await _console.Get<KeyBook>().TellOthersChangesAsync(Token);

        await RunAsync(["revoke", key.Key.Id, "--reason", "The partner left"]);
        await _console.Get<KeyBook>().TellOthersChangesAsync(Token);
        await _console.Get<KeyBook>().TellOthersChangesAsync(Token);

        Assert.Equal((key.Key.Id, KeyPhase.Revoked), (Assert.Single(told).Id, told[0].Phase));
    }

    [Fact]
    public async Task Nobody_who_is_not_known_is_let_in()
    {
        using var process = ConsoleProcess.Start(_file, _console.Relay.Url, server.SuperuserToken, "keys", "list", "--as", "demo/stranger");

        var (code, _, errors) = await process.EndAsync(Token);

        Assert.Equal(3, code);
        Assert.Contains("ever signed in", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(AuditEventTypes.SignedIn, await _console.TypesAsync());
        Assert.DoesNotContain(await _console.EventsAsync(), told => told.Actor.Id == new StaffId("demo/stranger"));
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(string[] command, string person = Admin)
    {
        using var process = ConsoleProcess.Start(_file, _console.Relay.Url, server.SuperuserToken, ["keys", .. command, "--as", Person(person).Id.Value]);
        return await process.EndAsync(Token);
    }
}
