using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Storage;

/// <summary>Whom else a file may be open to, down to the volumes that a container platform hands over by a group.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FileRightsTests : IDisposable
{
    private readonly LastingFolder _folder = new();
    private readonly LogLines _log = new();
    private readonly LoggerFactory _loggers;
    private readonly FileRights _rights;

    public FileRightsTests()
    {
        _loggers = new LoggerFactory([_log]);
        _rights = new FileRights(_loggers.CreateLogger<FileRights>());
    }

    public static bool IsNotLinux => !OperatingSystem.IsLinux();

    [Theory(Skip = "Groups are told on Linux alone.", SkipWhen = nameof(IsNotLinux))]
    [InlineData("660")]
    [InlineData("640")]
    [InlineData("2770")]
    [InlineData("610")]
    public void The_consoles_own_group_is_accepted_and_named_once(string mode)
    {
        var file = Make("shared", mode);

        Assert.Null(_rights.RefusalOf(file, "Storage:ConnectionString"));
        Assert.Null(_rights.RefusalOf(file, "Storage:ConnectionString"));

        Assert.StartsWith($"Warning SupportConsole.Storage.FileRights 7002: {file} (Storage:ConnectionString) is open to a group", Assert.Single(_log.All), StringComparison.Ordinal);
    }

    [Theory(Skip = "Groups are told on Linux alone.", SkipWhen = nameof(IsNotLinux))]
    [InlineData("664")]
    [InlineData("604")]
    [InlineData("662")]
    [InlineData("601")]
    [InlineData("777")]
    public void The_world_is_refused(string mode)
    {
        var file = Make("open", mode);

        Assert.Equal($"DataProtection:KeyFolder: {file} is open to others than its owner; run chmod 600 {file}.", _rights.RefusalOf(file, "DataProtection:KeyFolder"));
        Assert.Empty(_log.All);
    }

    [Theory(Skip = "Groups are told on Linux alone.", SkipWhen = nameof(IsNotLinux))]
    [InlineData(54321)]
    [InlineData(65534)]
    public void Another_group_is_refused(int group)
    {
        Assert.SkipWhen(Environment.UserName != "root", "Only root may give a file to a group that it isn't in.");
        var file = Make("other", "640");
        Run("chgrp", group.ToString(CultureInfo.InvariantCulture), file);

        Assert.NotNull(_rights.RefusalOf(file, "Storage:ConnectionString"));
    }

    [Fact(Skip = "Groups are told on Linux alone.", SkipWhen = nameof(IsNotLinux))]
    public void A_supplementary_group_is_ones_own()
    {
        Assert.SkipWhen(Environment.UserName != "root" || !File.Exists("/usr/bin/setpriv"), "Only root may start a process with other groups.");
        var file = Make("volume", "660");
        Run("chgrp", "54321", file);
        var program = Path.Combine(AppContext.BaseDirectory, "SupportConsole.dll");

        Assert.Contains("is open to others than its owner", Start("--clear-groups"), StringComparison.Ordinal);
        Assert.DoesNotContain("is open to others than its owner", Start("--groups=54321,77"), StringComparison.Ordinal);

        // Everything else about this start is wrong too, which is why it ends.
        string Start(string groups)
        {
            var start = new ProcessStartInfo("setpriv", [groups, "dotnet", program])
            {
                WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            start.Environment["Storage__ConnectionString"] = $"Data Source={file}";
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.Equal((1, true), (process.ExitCode, output.IsCompletedSuccessfully || output.Wait(TimeSpan.FromSeconds(10))));
            Assert.Contains("Support Console can't start", said, StringComparison.Ordinal);
            return said;
        }
    }

    [Fact(Skip = "Groups are told on Linux alone.", SkipWhen = nameof(IsNotLinux))]
    public void A_link_is_judged_by_what_it_leads_to()
    {
        var link = Path.Combine(_folder.Path, "link");
        File.CreateSymbolicLink(link, Make("target", "600"));
        Assert.Null(_rights.RefusalOf(link, "PocketBase:SuperuserPassword"));

        Run("chmod", "644", Path.Combine(_folder.Path, "target"));
        Assert.NotNull(_rights.RefusalOf(link, "PocketBase:SuperuserPassword"));
        Assert.Empty(_log.All);
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    private string Make(string name, string mode)
    {
        var file = Path.Combine(_folder.Path, name);
        File.WriteAllText(file, "");
        Run("chmod", mode, file);
        return file;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
