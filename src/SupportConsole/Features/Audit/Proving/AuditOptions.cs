using Microsoft.Extensions.Options;
using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>What makes the trail provable to others (section <c>Audit</c>).</summary>
internal sealed class AuditOptions
{
    public const string SectionName = "Audit";

    /// <summary>The file of the keys that checkpoints are signed with, made at the first start; empty for <c>audit-signing.key</c> beside the database.</summary>
    public string SigningKeyFile { get; set; } = "";

    /// <summary>Where signed checkpoints go; empty for <c>checkpoints</c> beside the database. Worth most on another disk or machine.</summary>
    public string CheckpointFolder { get; set; } = "";

    /// <summary>How many minutes at most after an event there is a checkpoint over it, 1 to 1440; each session's end and the stop make one too.</summary>
    public int CheckpointMinutes { get; set; } = 10;

    /// <summary>How many days events are kept, 30 to 36500; 0 for ever.</summary>
    public int KeepDays { get; set; }

    /// <summary>Who cosigns checkpoints; none by default.</summary>
    public IList<WitnessSetting> Witnesses { get; set; } = [];

    /// <summary>The full path of the key file.</summary>
    public string KeyFileUnder(string contentRoot, string database) => SigningKeyFile.Length > 0
        ? Path.GetFullPath(SigningKeyFile, contentRoot)
        : Path.Combine(Path.GetDirectoryName(database)!, "audit-signing.key");

    /// <summary>The full path of the checkpoints' folder.</summary>
    public string FolderUnder(string contentRoot, string database) => CheckpointFolder.Length > 0
        ? Path.GetFullPath(CheckpointFolder, contentRoot)
        : Path.Combine(Path.GetDirectoryName(database)!, "checkpoints");

    /// <summary>One witness (C2SP tlog-witness).</summary>
    internal sealed class WitnessSetting
    {
        /// <summary>Its submission prefix; <c>add-checkpoint</c> is below it.</summary>
        public string Url { get; set; } = "";

        /// <summary>Its verifier key of cosignatures, as <c>name+id+base64</c>.</summary>
        public string Key { get; set; } = "";
    }
}

/// <summary>Refuses at start what could only fail later.</summary>
internal sealed class AuditOptionsRules(IHostEnvironment environment, IOptions<StorageOptions> storage, FileRights rights) : IValidateOptions<AuditOptions>
{
    private const string Section = AuditOptions.SectionName;

    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        List<string> faults = [];
        if (options.CheckpointMinutes is < 1 or > 1440)
        {
            faults.Add($"{Section}:{nameof(options.CheckpointMinutes)} is {options.CheckpointMinutes}: it must be 1 to 1440.");
        }

        if (options.KeepDays is not 0 and (< 30 or > 36500))
        {
            faults.Add($"{Section}:{nameof(options.KeepDays)} is {options.KeepDays}: it must be 30 to 36500, or 0 to keep everything.");
        }

        for (var at = 0; at < options.Witnesses.Count; at++)
        {
            var (witness, key) = (options.Witnesses[at], $"{Section}:{nameof(options.Witnesses)}:{at}");
            if (!Uri.TryCreate(witness.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
            {
                faults.Add($"{key}:{nameof(witness.Url)} is no address: write for example https://witness.example/log.");
            }

            if (!NoteKey.TryParse(witness.Key, out var verifier) || verifier.Algorithm != NoteKey.Cosignature)
            {
                faults.Add($"{key}:{nameof(witness.Key)} is no verifier key of a witness: take the text name+id+base64 that it gives out for its cosignatures.");
            }
        }

        if (options.Witnesses.GroupBy(witness => witness.Key).Any(same => same.Count() > 1))
        {
            faults.Add($"{Section}:{nameof(options.Witnesses)} names one witness twice, which would count its word twice.");
        }

        if (!environment.IsDevelopment() && RefusalOfKeyFile(options) is { } open)
        {
            faults.Add(open);
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private string? RefusalOfKeyFile(AuditOptions options)
    {
        try
        {
            var database = storage.Value.FileUnder(environment.ContentRootPath);
            return rights.RefusalOf(options.KeyFileUnder(environment.ContentRootPath, database), $"{Section}:{nameof(options.SigningKeyFile)}");
        }
        catch (OptionsValidationException)
        {
            return null; // What is wrong with the storage is said by its own rules.
        }
    }
}
