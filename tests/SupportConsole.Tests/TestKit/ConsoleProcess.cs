using System.Diagnostics;

namespace SupportConsole.Tests.TestKit;

/// <summary>The console's program as a process of its own, on a database and a PocketBase of the test's: what can be killed, and what scripts call.</summary>
internal sealed class ConsoleProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output, _errors;

    private ConsoleProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a command.</summary>
    public static ConsoleProcess Start(SqliteFile file, Uri pocketBase, string superuserToken, params string[] arguments) =>
        new(Process.Start(Describe("dotnet", [Program, .. arguments], file, pocketBase, superuserToken))!);

    /// <summary>Starts a command on a terminal, as somebody's hands would.</summary>
    public static ConsoleProcess StartOnTerminal(SqliteFile file, Uri pocketBase, string superuserToken, params string[] arguments) =>
        new(Process.Start(Describe(
            "script", ["-qec", string.Join(' ', arguments.Prepend(Program).Prepend("dotnet").Select(part => $"'{part}'")), "/dev/null"], file, pocketBase, superuserToken))!);

    /// <summary>Waits for its end.</summary>
    public async Task<(int Code, string Output, string Errors)> EndAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
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
