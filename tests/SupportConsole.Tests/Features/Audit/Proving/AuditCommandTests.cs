using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Audit.Proving;

/// <summary>The command line as schedulers and auditors call it: exit codes, and what is said where.</summary>
[Collection(DemoApp.Name)]
public sealed class AuditCommandTests(DemoServer server) : IAsyncLifetime
{
    private readonly SqliteFile _file = new();
    private ConsoleServices _console = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _console = await ConsoleServices.StartAsync(server, _file);
        await _console.Get<AuditTrail>().AppendAsync([.. Enumerable.Range(0, 300).Select(each => new AuditEvent(AuditEventTypes.AuditViewed, _console.Clock.GetUtcNow(), new AuditActor(Person(Admin).Id, "Ines Duarte", [Role.Admin])) { Detail = $"{each}" })]);
        await _console.Get<CheckpointDesk>().MakeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _console.DisposeAsync();
        await _file.DisposeAsync();
    }

    [Fact]
    public async Task Verify_says_in_its_exit_code_whether_the_log_is_in_order_and_records_it()
    {
        var (code, output, errors) = await RunAsync("verify");
        Assert.True(code == 0, errors);
        Assert.StartsWith("In order: all ", output, StringComparison.Ordinal);
        Assert.Contains(AuditEventTypes.AuditVerified, await _console.TypesAsync());

        using (var connection = _file.Connect())
        {
            connection.Run("DROP TRIGGER audit_event_is_never_removed; DELETE FROM audit_event WHERE seq = 77");
        }

        (code, output, errors) = await RunAsync("verify");
        Assert.Equal(6, code);
        Assert.StartsWith("NOT in order: ", output, StringComparison.Ordinal);
        Assert.Contains("Event 77 is gone.", errors, StringComparison.Ordinal);
        var failed = (await _console.EventsAsync()).Last(told => told.Type == AuditEventTypes.AuditIntegrityFailed);
        Assert.Equal(AuditOutcome.Failed, failed.Outcome);
        Assert.StartsWith("command line, account ", failed.ClientAddress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_kept_elsewhere_decides_where_it_is_named()
    {
        var key = (await _console.Get<CheckpointFolder>().ReadKeysAsync())!.Single().ToString();
        Assert.Equal(0, (await RunAsync("verify", "--key", key)).Code);

        await using var other = new ProvenLog();
        await other.AppendAsync(1);
        await other.Checkpoints.MakeAsync();

        Assert.Equal(6, (await RunAsync("verify", "--key", (await other.Folder.ReadKeysAsync())!.Single().ToString())).Code);
        Assert.Equal(2, (await RunAsync("verify", "--key", key[..^3])).Code);
    }

    [Fact]
    public async Task What_is_exported_is_verified_with_nothing_but_the_key()
    {
        var (export, proof) = (Path.Combine(_file.Folder, "out.jsonl"), Path.Combine(_file.Folder, "7.tlog-proof"));
        var key = (await _console.Get<CheckpointFolder>().ReadKeysAsync())!.Single().ToString();

        var exported = await RunAsync("export", "--as", Person(Admin).Id.Value, "--out", export, "--from", "100", "--to", "115");
        var proved = await RunAsync("prove", "7", "--as", Person(Admin).Id.Value, "--out", proof);

        Assert.True(exported.Code == 0 && proved.Code == 0, exported.Errors + proved.Errors);
        Assert.StartsWith("16 events with their proofs are in ", exported.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await _console.TypesAsync()).Count(type => type == AuditEventTypes.AuditExported));
        // In an empty folder: no settings and no database.
        foreach (var file in (string[])[export, proof])
        {
            await using var elsewhere = new SqliteFile();
            using var verifying = ConsoleProcess.Start(elsewhere, new Uri("http://127.0.0.1:9"), "", "audit", "verify-file", file, "--key", key);
            var (code, _, errors) = await verifying.EndAsync(Token);
            Assert.True(code == 0, errors);
            Assert.False(Directory.Exists(Path.Combine(elsewhere.Folder, "data")));
        }

        await File.WriteAllTextAsync(export, (await File.ReadAllTextAsync(export, Token)).Replace("audit.viewed", "audit.Viewed", StringComparison.Ordinal), Token);
        var touched = await RunAsync("verify-file", export, "--key", key);
        Assert.Equal(6, touched.Code);
        Assert.StartsWith("Line 2: ", touched.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_format_and_the_filters_of_the_page_say_what_is_exported()
    {
        var file = Path.Combine(_file.Folder, "out.csv");

        var exported = await RunAsync("export", "--as", Person(Admin).Id.Value, "--out", file, "--format", "csv", "--filter", "event=audit.viewed&text=17", "--to", "250");

        Assert.True(exported.Code == 0, exported.Errors);
        Assert.StartsWith("11 events are in ", exported.Output, StringComparison.Ordinal); // 17, and 170 to 179.
        Assert.Equal(12, PlainCsv.Rows(await File.ReadAllBytesAsync(file, Token)).Count);
        Assert.Equal("csv: event audit.viewed, a text; events 1 to 250", (await _console.EventsAsync()).Last(told => told.Type == AuditEventTypes.AuditExported).Detail);

        Assert.Equal(2, (await RunAsync("export", "--as", Person(Admin).Id.Value, "--out", $"{file}.2", "--format", "pdf")).Code);
        var unreadable = await RunAsync("export", "--as", Person(Admin).Id.Value, "--out", $"{file}.2", "--filter", "event=nothing.*");
        Assert.Equal(2, unreadable.Code);
        Assert.StartsWith("Nothing is exported. ", unreadable.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists($"{file}.2"));
    }

    [Fact]
    public async Task Nobody_takes_anything_out_without_the_duty_or_over_another_file()
    {
        var file = Path.Combine(_file.Folder, "out.jsonl");

        Assert.Equal(3, (await RunAsync("export", "--as", Person(Agent).Id.Value, "--out", file)).Code);
        Assert.False(File.Exists(file));
        await File.WriteAllTextAsync(file, "something else", Token);
        Assert.Equal(2, (await RunAsync("export", "--as", Person(Admin).Id.Value, "--out", file)).Code);
        Assert.Equal("something else", await File.ReadAllTextAsync(file, Token));
        Assert.Equal(2, (await RunAsync("prove", "100000", "--as", Person(Admin).Id.Value, "--out", $"{file}.2")).Code);
        Assert.Equal(2, (await RunAsync("prove", "1")).Code);
    }

    [Fact]
    public async Task A_key_is_replaced_with_an_overlap_and_a_lost_one_without()
    {
        var (code, first, errors) = await RunAsync("keys");
        Assert.True(code == 0, errors);
        var both = (await RunAsync("replace-key")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var alone = (await RunAsync("replace-key", "--finish")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        File.Delete(_console.Get<SigningKeys>().File);
        var lost = await RunAsync("verify");
        var (refused, _, says) = await RunAsync("replace-key");
        await File.WriteAllTextAsync(_console.Get<SigningKeys>().File, "no key\n", Token);
        var anew = (await RunAsync("replace-key", "--lost")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal((2, 2, 3), (both.Length, alone.Length, anew.Length));
        Assert.DoesNotContain(both, line => line.EndsWith("(signs no more)", StringComparison.Ordinal));
        Assert.Equal($"{first.Trim()} (signs no more)", Assert.Single(alone, line => line.EndsWith("(signs no more)", StringComparison.Ordinal)));
        Assert.Equal(0, lost.Code);
        Assert.Equal(4, refused);
        Assert.Contains("replace-key --lost", says, StringComparison.Ordinal);
        Assert.Contains($" It is {_console.Get<SigningKeys>().File}.", says, StringComparison.Ordinal);
        Assert.Single(anew, line => !line.EndsWith("(signs no more)", StringComparison.Ordinal));
        Assert.Equal(0, (await RunAsync("verify")).Code);
        Assert.Equal(3, (await _console.TypesAsync()).Count(type => type == AuditEventTypes.AuditKeyChanged));
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var command = ConsoleProcess.Start(_file, _console.Relay.Url, server.SuperuserToken, ["audit", .. arguments]);
        return await command.EndAsync(Token);
    }
}
