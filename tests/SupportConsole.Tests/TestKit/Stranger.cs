using System.Diagnostics;
using System.Text.Json;

namespace SupportConsole.Tests.TestKit;

/// <summary>The verifier in another language, written from the page of the format alone.</summary>
internal static class Stranger
{
    /// <summary>What it says of each file: a line that begins with <c>good</c> or <c>bad</c>.</summary>
    public static async Task<IReadOnlyList<string>> VerifyAsync(IEnumerable<(string Kind, string File)> files, IEnumerable<string> keys)
    {
        var asked = string.Concat(files.Select(file => JsonSerializer.Serialize(new { kind = file.Kind, file = file.File, keys }) + "\n"));
        var (code, output, errors) = await RunAsync(asked, "verify.mjs", "batch");
        Assert.True(code is 0 or 1, errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Runs Node.js on what the stranger wrote.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = Path.Combine(Checkout.Root, "tests", "stranger"),
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.StandardInput.WriteAsync(input);
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        return (node.ExitCode, await output, await errors);
    }
}
