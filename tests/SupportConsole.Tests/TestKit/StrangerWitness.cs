using System.Diagnostics;
using System.Globalization;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Features.Audit.Proving;

namespace SupportConsole.Tests.TestKit;

/// <summary>A witness of another make, in a process of its own: it was written from the published rules alone.</summary>
internal sealed class StrangerWitness : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("witness-").FullName;
    private readonly string _name;
    private readonly NoteKey _log;
    private Process _process = null!;

    private StrangerWitness(string name, NoteKey log) => (_name, _log) = (name, log);

    public Uri Url { get; private set; } = null!;

    public NoteKey Key { get; private set; } = null!;

    /// <summary>As the settings name it.</summary>
    public AuditOptions.WitnessSetting Options => new() { Url = Url.ToString(), Key = Key.ToString() };

    /// <summary>Starts one that knows a log.</summary>
    public static async Task<StrangerWitness> StartAsync(string name, NoteKey log)
    {
        var witness = new StrangerWitness(name, log);
        await witness.StartAsync(Ports.Free()); // The same again after a kill, and meanwhile nobody else's.
        return witness;
    }

    /// <summary>Runs a verification by the same strangers.</summary>
    public static async Task<(int Code, string Output)> VerifyAsync(params string[] arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [Script("verify.mjs"), .. arguments]) { RedirectStandardOutput = true })!;
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return (node.ExitCode, output.Trim());
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it again where it was, with what it knew.</summary>
    public Task StartAgainAsync()
    {
        _process.Dispose();
        return StartAsync(Url.Port);
    }

    /// <summary>Takes from it what it saw; its key stays.</summary>
    public void Forget()
    {
        foreach (var seen in Directory.EnumerateFiles(_folder, "*.checkpoint"))
        {
            File.Delete(seen);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Script(string name) => Path.Combine(Checkout.Root, "tests", "stranger", name);

    private async Task StartAsync(int port)
    {
        _process = Process.Start(new ProcessStartInfo(
            "node", [Script("witness.mjs"), "--name", _name, "--state", _folder, "--log", _log.ToString(), "--port", port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        var heard = await _process.StandardOutput.ReadLineAsync();
        Assert.True(heard?.Split(' ') is ["listening", _, _], $"The witness didn't start: {heard}");
        Url = new Uri(heard!.Split(' ')[1]);
        Key = NoteKey.TryParse(heard.Split(' ')[2], out var key) ? key : throw new InvalidOperationException($"No key: {heard}");
    }
}
