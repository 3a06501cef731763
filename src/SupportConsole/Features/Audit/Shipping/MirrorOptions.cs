using Microsoft.Extensions.Options;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>A copy of the trail as JSON lines, for a log shipper (section <c>Audit:Mirror</c>).</summary>
internal sealed class MirrorOptions
{
    public const string SectionName = "Audit:Mirror";

    /// <summary>The files' path, into whose name the day is put before its ending; empty for none.</summary>
    public string Path { get; set; } = "";

    /// <summary>Where it begins when it is new: <c>now</c>, or <c>start</c> for the whole trail.</summary>
    public string From { get; set; } = SinkStart.Now;

    /// <summary>At how many megabytes the next file is begun, 1 to 10,000; each day begins one too.</summary>
    public int FileMegabytes { get; set; } = 100;

    /// <summary>How many files are kept, 2 to 10,000; the oldest are removed, whether anybody has read them or not.</summary>
    public int RetainedFiles { get; set; } = 31;

    /// <summary>The full path.</summary>
    public string PathUnder(string contentRoot) => System.IO.Path.GetFullPath(Path, contentRoot);
}

/// <summary>Refuses at start what could only fail later. A folder that can't be written now may be there in a minute, and is no reason not to start.</summary>
internal sealed class MirrorOptionsRules(IHostEnvironment environment) : IValidateOptions<MirrorOptions>
{
    private const string Section = MirrorOptions.SectionName;

    public ValidateOptionsResult Validate(string? name, MirrorOptions options)
    {
        List<string> faults = [];
        if (options.Path.Length > 0)
        {
            var path = options.PathUnder(environment.ContentRootPath);
            if (options.Path.EndsWith('/') || options.Path.Contains('\0', StringComparison.Ordinal) || IsFolder(path) || Path.GetExtension(path).Length < 2)
            {
                faults.Add($"{Section}:{nameof(options.Path)} names no file: write for example /var/log/support-console/audit-.jsonl.");
            }
        }

        if (options.FileMegabytes is < 1 or > 10_000)
        {
            faults.Add($"{Section}:{nameof(options.FileMegabytes)} is {options.FileMegabytes}: it must be 1 to 10000.");
        }

        if (options.RetainedFiles is < 2 or > 10_000)
        {
            faults.Add($"{Section}:{nameof(options.RetainedFiles)} is {options.RetainedFiles}: it must be 2 to 10000.");
        }

        if (SinkStart.RefusalOf($"{Section}:{nameof(options.From)}", options.From) is { } from)
        {
            faults.Add(from);
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    // What it lies on may be gone and never answer; that too is no reason not to start.
    private static bool IsFolder(string path)
    {
        var look = Task.Run(() => Directory.Exists(path));
        return look.Wait(TimeSpan.FromSeconds(5)) && look.Result;
    }
}
