using System.Diagnostics;
using System.Text.Json;

namespace SupportConsole.Benchmarks.Stage;

/// <summary>A process of the benchmarks' own that takes a command a line and answers each with a line of JSON.</summary>
internal sealed class Helper : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    private readonly Process _process;

    private Helper(Process process) => _process = process;

    /// <summary>Starts it and waits for its first line, which says that it is ready.</summary>
    public static async Task<Helper> StartAsync(string file, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var helper = new Helper(Process.Start(start)!);
        await helper.AnswerAsync();
        return helper;
    }

    /// <summary>This program in another role.</summary>
    public static Task<Helper> HostAsync(params string[] role) => StartAsync(Environment.ProcessPath!, EntryPoint().Concat(role));

    public async Task<JsonElement> AskAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        return await AnswerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close(); // The end of its commands is the end of its work.
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<JsonElement> AnswerAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended instead of answering.");
        var answer = JsonSerializer.Deserialize<JsonElement>(line);
        return answer.TryGetProperty("failed", out var why) ? throw new InvalidOperationException(why.GetString()) : answer;
    }

    // Under `dotnet run` the process is the program itself; under `dotnet SupportConsole.Benchmarks.dll` it is dotnet.
    private static IEnumerable<string> EntryPoint() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Helper).Assembly.Location] : [];
}
