namespace SupportConsole.Benchmarks.Stage;

/// <summary>Where things are, and where what takes long to make is kept for the next run.</summary>
internal static class Places
{
    public static string Repository { get; } = FindRepository();

    public static string DemoApp => Path.Combine(Repository, "src", "SupportConsole", "Demo");

    public static string Circuits => Path.Combine(Repository, "tests", "SupportConsole.Benchmarks", "circuits");

    /// <summary>Kept between runs; safe to delete.</summary>
    public static string Kept(params string[] parts)
    {
        var folder = Path.Combine([Path.GetTempPath(), "support-console-benchmarks", .. parts]);
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>A new folder for this run.</summary>
    public static string Fresh() => Directory.CreateTempSubdirectory("console-bench-").FullName;

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SupportConsole.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The benchmarks run from a checkout: there is no SupportConsole.sln above them.");
    }
}
