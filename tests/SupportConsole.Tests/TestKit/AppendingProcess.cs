using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Storage;

namespace SupportConsole.Tests.TestKit;

/// <summary>A process of its own that appends to a trail as fast as it can and says what was acknowledged, until it is killed.</summary>
internal static class AppendingProcess
{
    public const string Argument = "append-until-killed";

    private const int Callers = 16;

    /// <summary>Starts one, kills it some time after its first acknowledgement, and tells the sequences that it said, in their order.</summary>
    public static async Task<IReadOnlyList<long>> RunAndKillAsync(string folder, TimeSpan after)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(AppendingProcess).Assembly.Location, Argument, folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        List<long> acknowledged = [];
        var killing = Task.CompletedTask;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            // A line that was cut off by the kill has no number to end with.
            if (line.EndsWith('.') && long.TryParse(line.AsSpan(0, line.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
            {
                acknowledged.Add(sequence);
            }

            if (acknowledged.Count == 1 && killing.IsCompleted)
            {
                killing = KillAsync(process, after);
            }
        }

        await killing;
        await process.WaitForExitAsync();
        return acknowledged.Count > 0 ? acknowledged : throw new InvalidOperationException($"It didn't begin: {await errors}");
    }

    /// <summary>What the process does.</summary>
    public static async Task<int> AppendAsync(string folder)
    {
        using var db = new ConsoleDb(
            Options.Create(new StorageOptions { ConnectionString = $"Data Source={Path.Combine(folder, "console.db")}" }),
            new Place(Environments.Development, folder), NullLogger<ConsoleDb>.Instance);
        await using var writer = SqliteFile.WriterOn(db);
        var trail = SqliteFile.TrailOn(writer, db);
        var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            for (var turn = 0; ; turn++)
            {
                var entry = await trail.AppendAsync(new AuditEvent(AuditEventTypes.RecordsListed, TimeProvider.System.GetUtcNow(), new AuditActor(new StaffId("demo/mia-chen"), "Mia Chen", []))
                {
                    Reason = $"caller {caller}, turn {turn}", Subject = new AuditSubject("users", $"u{caller}", "Ada Lovelace"),
                });
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{entry.Sequence}."));
            }
        }));
        return 0;
    }

    private static async Task KillAsync(Process process, TimeSpan after)
    {
        await Task.Delay(after, TimeProvider.System);
        process.Kill();
    }
}
