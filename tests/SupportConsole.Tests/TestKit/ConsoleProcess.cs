using System.Diagnostics;
using System.Text;

namespace SupportConsole.Tests.TestKit;

/// <summary>The console's program as a process of its own, on a database and a PocketBase of the test's: what can be killed, and what scripts call.</summary>
internal sealed class ConsoleProcess : IDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _output, _errors;

    private ConsoleProcess(Process process)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput);
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a command.</summary>
    public static ConsoleProcess Start(SqliteFile file, Uri pocketBase, string superuserToken, params string[] arguments) =>
        new(Process.Start(Describe("dotnet", [Program, .. arguments], file, pocketBase, superuserToken))!);

    /// <summary>Starts the console itself, with settings in its environment beside those of all tests.</summary>
    public static ConsoleProcess StartSite(
        SqliteFile file, Uri pocketBase, string superuserToken, IEnumerable<string> arguments, Dictionary<string, string> environment)
    {
        var start = Describe("dotnet", [Program, .. arguments], file, pocketBase, superuserToken);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ConsoleProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it listens, and says where. Fails with what it said when it ends instead.</summary>
    public async Task<Uri> ListensAsync(CancellationToken cancellation)
    {
        var first = await Task.WhenAny(_listens.Task, _output).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, cancellation);
        return first == _listens.Task ? await _listens.Task : throw new InvalidOperationException($"It didn't start: {await _output}{await _errors}");
    }

    /// <summary>Starts a command on a terminal, as somebody's hands would.</summary>
    public static ConsoleProcess StartOnTerminal(SqliteFile file, Uri pocketBase, string superuserToken, params string[] arguments) =>
        new(Process.Start(Describe(
            "script", ["-qec", string.Join(' ', arguments.Prepend(Program).Prepend("dotnet").Select(part => $"'{part}'")), "/dev/null"], file, pocketBase, superuserToken))!);

    /// <summary>Waits for its end, which comes by itself.</summary>
    /// <exception cref="TimeoutException">It goes on.</exception>
    public async Task<(int Code, string Output, string Errors)> EndAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation).WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System, cancellation);
        return (_process.ExitCode, await _output, await _errors);
    }

    /// <summary>Ends it as a power cut would: SIGKILL, which no program sees coming.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task<string> ReadAsync(StreamReader output)
    {
        var all = new StringBuilder();
        while (await output.ReadLineAsync() is { } line)
        {
            all.AppendLine(line);
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at && Uri.TryCreate(line[(at + Listening.Length)..].Replace("[::]", "127.0.0.1", StringComparison.Ordinal).Trim('"'), UriKind.Absolute, out var address))
            {
                _listens.TrySetResult(address);
            }
        }

        return all.ToString();
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "SupportConsole.dll");

    private static ProcessStartInfo Describe(string program, IEnumerable<string> arguments, SqliteFile file, Uri pocketBase, string superuserToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = file.Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in new (string, string)[]
        {
            ("ASPNETCORE_ENVIRONMENT", "Development"), ("Demo__Enabled", "false"), ("SignIn__Mode", "Demo"), ("PocketBase__Url", pocketBase.ToString()),
            ("PocketBase__SuperuserToken", superuserToken),
        })
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
