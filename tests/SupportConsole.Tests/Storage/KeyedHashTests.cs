using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Storage;

public sealed class KeyedHashTests
{
    [Fact]
    public async Task Same_text_has_the_same_fingerprint_after_a_restart()
    {
        await using var file = new SqliteFile();

        var before = new KeyedHash(new SecretKey(file.Open())).Of("search", "ada");
        var after = new KeyedHash(new SecretKey(file.Open())).Of("search", "ada");

        Assert.Equal(before, after);
        Assert.Matches("^[0-9a-f]{16}$", before);
    }

    [Fact]
    public async Task Purpose_text_and_key_each_change_the_fingerprint()
    {
        await using var file = new SqliteFile();
        await using var other = new SqliteFile();
        var hash = new KeyedHash(new SecretKey(file.Open()));
        var elsewhere = new KeyedHash(new SecretKey(other.Open()));

        string[] all = [hash.Of("search", "ada"), hash.Of("actor", "ada"), hash.Of("search", "bob"), elsewhere.Of("search", "ada")];

        Assert.Equal(4, all.Distinct().Count());
    }

    [Fact]
    public async Task Key_file_belongs_to_the_owner_alone_and_is_checked()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        await using var file = new SqliteFile();
        var db = file.Open();
        new KeyedHash(new SecretKey(db)).Of("search", "ada");
        var key = Path.Combine(Path.GetDirectoryName(file.File)!, "console.key");

#pragma warning disable CA1416 // Skipped there.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
#pragma warning restore CA1416
        await File.WriteAllBytesAsync(key, [1, 2, 3], TestContext.Current.CancellationToken);
        Assert.Throws<StorageException>(() => new KeyedHash(new SecretKey(db)).Of("search", "ada"));
    }
}
