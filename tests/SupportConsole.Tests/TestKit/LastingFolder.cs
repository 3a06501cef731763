using SupportConsole.Storage;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// A folder outside the system's temporary ones, owner-only as an installation's: what a start in Production demands. In the
/// checkout, or with the account's own files where the checkout itself is temporary.
/// </summary>
internal sealed class LastingFolder : IDisposable
{
    private static readonly string[] Temporary = ["/tmp/", "/var/tmp/", "/dev/shm/", System.IO.Path.GetTempPath()];

    public LastingFolder()
    {
        string[] places =
        [
            System.IO.Path.Combine(Checkout.Root, "TestResults"),
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        ];
        var place = places.FirstOrDefault(place => place.Length > 0 && !Temporary.Any(folder => place.StartsWith(folder, StringComparison.Ordinal)));
        Assert.SkipWhen(place is null, "Checkout and home both lie in temporary folders.");
        Path = System.IO.Path.Combine(place, $"support-console-test-{Guid.NewGuid():n}");
        PrivateFile.MakeFolder(Path);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
