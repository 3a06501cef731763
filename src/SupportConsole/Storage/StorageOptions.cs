using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace SupportConsole.Storage;

/// <summary>Where the console keeps its own data: the trail, staff and roles.</summary>
public sealed class StorageOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Storage";

    /// <summary><c>Sqlite</c>: one file, made when it isn't there.</summary>
    public string Provider { get; set; } = "Sqlite";

    /// <summary>The file, as <c>Data Source=…</c>; a relative path starts at the content root.</summary>
    public string ConnectionString { get; set; } = "Data Source=data/console.db";

    /// <summary>The full path of the database file.</summary>
    /// <param name="contentRoot">Where a relative path starts.</param>
    internal string FileUnder(string contentRoot) =>
        Path.GetFullPath(new SqliteConnectionStringBuilder(ConnectionString).DataSource, contentRoot);
}

/// <summary>Refuses at start what could only fail later.</summary>
internal sealed class StorageOptionsRules(IHostEnvironment environment, FileRights rights) : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        if (string.Equals(options.Provider, "Postgres", StringComparison.OrdinalIgnoreCase))
        {
            return ValidateOptionsResult.Fail(
                "Storage:Provider is Postgres, which this version doesn't support; set it to Sqlite.");
        }

        if (!string.Equals(options.Provider, "Sqlite", StringComparison.OrdinalIgnoreCase))
        {
            return ValidateOptionsResult.Fail($"Storage:Provider is '{options.Provider}', which is unknown; set it to Sqlite.");
        }

        if (!NamesFile(options.ConnectionString))
        {
            return ValidateOptionsResult.Fail(
                "Storage:ConnectionString names no file; write for example Data Source=data/console.db.");
        }

        var exposed = environment.IsDevelopment() ? [] : ExposedFiles(options);
        return exposed.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(exposed);
    }

    // The write-ahead log keeps the mode that the database had when it was made.
    private List<string> ExposedFiles(StorageOptions options)
    {
        var database = options.FileUnder(environment.ContentRootPath);
        string[] files = [database, $"{database}-wal", $"{database}-shm", SecretKey.FileBeside(database)];
        return [.. files.Select(file => rights.RefusalOf(file, "Storage:ConnectionString")).OfType<string>()];
    }

    private static bool NamesFile(string connectionString)
    {
        try
        {
            var source = new SqliteConnectionStringBuilder(connectionString);
            return source.Mode != SqliteOpenMode.Memory
                && !string.IsNullOrWhiteSpace(source.DataSource)
                && !source.DataSource.StartsWith(':')
                && !source.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
