using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;
using SupportConsole.Core;
using SupportConsole.Storage;

namespace SupportConsole.Hosting;

/// <summary>Starts and stops the process, and says in plain words why it doesn't start.</summary>
internal static class ConsoleHost
{
    private const string IsCommand = "SupportConsole.IsCommand";

    /// <summary>
    /// Adds, builds, maps and runs the application, or runs a command on it. 0 after an orderly stop, 1 when it couldn't start;
    /// commands have more codes.
    /// </summary>
    public static async Task<int> RunAsync(string[] args, Action<WebApplicationBuilder> add, Action<WebApplication> map)
    {
        try
        {
            if (CommandLine.IsCommand(args))
            {
                return await CommandLine.RunAsync(args, () =>
                {
                    var command = WebApplication.CreateBuilder();
                    command.Host.Properties[IsCommand] = true;
                    add(command);
                    return command.Build();
                });
            }

            var builder = WebApplication.CreateBuilder(args);
            add(builder);
            await using var app = builder.Build();

            // Before anything starts, so that every reason is named at once and none as a stack trace.
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            using var owner = app.Services.GetRequiredService<ConsoleDb>().Own();
            map(app);
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException refusal)
        {
            return await ExplainAsync([refusal]);
        }
        catch (AggregateException refusals) when (refusals.InnerExceptions.All(refusal => refusal is OptionsValidationException))
        {
            return await ExplainAsync(refusals.InnerExceptions.Cast<OptionsValidationException>());
        }
        catch (ExplainedException refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return 1;
        }
    }

    private static async Task<int> ExplainAsync(IEnumerable<OptionsValidationException> refusals)
    {
        await Console.Error.WriteLineAsync("Support Console can't start with this configuration:");
        foreach (var failure in refusals.SelectMany(refusal => refusal.Failures))
        {
            await Console.Error.WriteLineAsync($"  - {failure}");
        }

        return 1;
    }

    /// <summary>
    /// The log for operators: JSON lines in a rolling file under <c>data/logs</c>, and on the terminal. It never stands in for
    /// the audit trail, nor the trail for it.
    /// </summary>
    public static void AddConsoleLog(this WebApplicationBuilder builder)
    {
        var folder = builder.Configuration["Logging:Folder"] ?? Path.Combine(builder.Environment.ContentRootPath, "data", "logs");
        var quiet = builder.Host.Properties.ContainsKey(IsCommand); // A command's output is read by scripts.
        builder.Services.AddSerilog((_, log) => (quiet ? log : log.WriteTo.Console(formatProvider: System.Globalization.CultureInfo.InvariantCulture))
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override("Microsoft.Identity", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.IdentityModel", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .WriteTo.File(
                new CompactJsonFormatter(), Path.Combine(folder, "console-.jsonl"),
                rollingInterval: RollingInterval.Day, retainedFileCountLimit: 31, fileSizeLimitBytes: 100_000_000, rollOnFileSizeLimit: true),
            preserveStaticLogger: true); // Each host its own: what one says never lands in the log of another that started later in the same process.
    }
}
