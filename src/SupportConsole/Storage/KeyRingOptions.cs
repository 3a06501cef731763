using Microsoft.Extensions.Options;

namespace SupportConsole.Storage;

/// <summary>Where the keys of sign-in cookies and forms are kept (section <c>DataProtection</c>). Without them everybody is signed out.</summary>
internal sealed class KeyRingOptions
{
    public const string SectionName = "DataProtection";

    /// <summary>The folder, made when it isn't there; a relative path starts at the content root.</summary>
    public string KeyFolder { get; set; } = "data/keys";

    /// <summary>The full path of the folder.</summary>
    public string FolderUnder(string contentRoot) => Path.GetFullPath(KeyFolder, contentRoot);
}

/// <summary>Outside Development the ring must outlive a restart and be nobody else's.</summary>
internal sealed class KeyRingRules(IHostEnvironment environment, FileRights rights) : IValidateOptions<KeyRingOptions>
{
    private const string Key = $"{KeyRingOptions.SectionName}:{nameof(KeyRingOptions.KeyFolder)}";

    public ValidateOptionsResult Validate(string? name, KeyRingOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.KeyFolder))
        {
            return ValidateOptionsResult.Fail($"{Key} is empty: name a folder, such as data/keys.");
        }

        if (environment.IsDevelopment())
        {
            return ValidateOptionsResult.Success;
        }

        var folder = options.FolderUnder(environment.ContentRootPath);
        if (IsPassing(folder))
        {
            return ValidateOptionsResult.Fail(
                $"{Key} is {folder}, which a restart may empty, and then everybody is signed out: name a folder that stays, such as /var/lib/support-console/keys.");
        }

        if (!IsWritable(folder))
        {
            return ValidateOptionsResult.Fail($"{Key} is {folder}, which can't be written: let the console's account write there, or name another folder.");
        }

        List<string> exposed =
            [.. Directory.EnumerateFiles(folder).Prepend(folder).Select(path => rights.RefusalOf(path, Key)).OfType<string>()];
        return exposed.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(exposed);
    }

    /// <summary>Whether the folder lies, or would lie, in memory or where the system clears up.</summary>
    private static bool IsPassing(string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing)!;
        }

        return (!OperatingSystem.IsWindows() && new DriveInfo(existing).DriveFormat is "tmpfs" or "ramfs") || TemporaryFolders().Any(temporary => IsWithin(folder, temporary));
    }

    private static IEnumerable<string> TemporaryFolders() =>
        OperatingSystem.IsWindows() ? [Path.GetTempPath()] : [Path.GetTempPath(), "/tmp", "/var/tmp"];

    private static bool IsWithin(string path, string folder) =>
        Path.GetRelativePath(folder, path) is var way && !Path.IsPathRooted(way) && way.Split(Path.DirectorySeparatorChar)[0] != "..";

    private static bool IsWritable(string folder)
    {
        try
        {
            PrivateFile.MakeFolder(folder);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose };
            using var attempt = new FileStream(Path.Combine(folder, $"{Guid.NewGuid():n}.tmp"), options);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
