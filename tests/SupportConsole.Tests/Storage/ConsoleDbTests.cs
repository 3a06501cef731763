using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Storage;

public sealed class ConsoleDbTests
{
    [Fact]
    public async Task Folder_and_file_belong_to_the_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        await using var file = new SqliteFile();

        file.Open().Prepare();

#pragma warning disable CA1416 // Skipped there.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(file.File)!));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.File));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task Schema_is_applied_once()
    {
        await using var file = new SqliteFile();

        file.Open().Prepare();
        using var connection = file.Connect();
        var version = connection.Number("PRAGMA user_version");
        file.Open().Prepare();

        Assert.True(version > 0);
        Assert.Equal(version, connection.Number("PRAGMA user_version"));
        Assert.Equal(1, connection.Number("SELECT count(*) FROM audit_found"));
    }

    [Fact]
    public async Task Database_of_a_newer_version_is_refused()
    {
        await using var file = new SqliteFile();
        file.Open().Prepare();
        using (var connection = file.Connect())
        {
            connection.Run("PRAGMA user_version = 999");
        }

        var refusal = Assert.Throws<StorageException>(() => file.Open().Prepare());

        Assert.Contains("newer", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readers_cannot_write()
    {
        await using var file = new SqliteFile();
        var db = file.Open();

        var refusal = await Assert.ThrowsAsync<DatabaseUnreadableException>(() => db.ReadAsync(
            connection =>
            {
                connection.Run("DELETE FROM staff");
                return 0;
            },
            TestContext.Current.CancellationToken));

        var cause = Assert.IsType<Microsoft.Data.Sqlite.SqliteException>(refusal.InnerException);
        Assert.Equal(SQLitePCL.raw.SQLITE_READONLY, cause.SqliteErrorCode);
    }

    [Fact]
    public async Task Cancelling_interrupts_a_query_and_leaves_the_database_usable()
    {
        await using var file = new SqliteFile();
        var db = file.Open();
        using var leaving = new CancellationTokenSource();

        var endless = db.ReadAsync(
            connection =>
            {
                leaving.Cancel();
                return connection.Number("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
            },
            leaving.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless);
        Assert.Equal(1, await db.ReadAsync(connection => connection.Number("SELECT 1"), CancellationToken.None));
    }

    [Fact]
    public async Task Lost_file_is_not_made_again_behind_the_back_of_a_running_console()
    {
        await using var file = new SqliteFile();
        var db = file.Open();
        db.Prepare();
        File.Delete(file.File);

        await Assert.ThrowsAsync<DatabaseUnreadableException>(
            () => db.ReadAsync(connection => connection.Number("SELECT 1"), CancellationToken.None));

        Assert.False(File.Exists(file.File));
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(10L)]
    [InlineData(-10L)]
    [InlineData(638_000_000_000_000_010L)]
    public void Stored_time_keeps_the_microsecond(long ticks)
    {
        var instant = DateTimeOffset.UnixEpoch.AddTicks(ticks % 100_000_000_000_000_000L);

        Assert.Equal(instant, StoredTime.ToInstant(StoredTime.From(instant)));
    }
}
