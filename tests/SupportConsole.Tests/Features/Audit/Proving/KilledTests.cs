#pragma warning disable RS0030 // A seed that is said, so that the same things are made up each time.
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Proving;

/// <summary>What was acknowledged is there after a kill at any moment, without a gap, and the tree that was written with it is right.</summary>
public sealed class KilledTests
{
    private static int Rounds => int.Parse(Environment.GetEnvironmentVariable("KILL_ROUNDS") ?? "8", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_by_a_kill_and_the_tree_verifies()
    {
        var folder = Directory.CreateTempSubdirectory("killed-").FullName;
        var dice = new Random(7);
        try
        {
            var newest = 0L;
            for (var round = 1; round <= Rounds; round++)
            {
                var acknowledged = await AppendingProcess.RunAndKillAsync(folder, TimeSpan.FromMilliseconds(dice.Next(1, 400)));
                Assert.True(acknowledged.Min() > newest, $"Round {round}: {acknowledged.Min()} was given out before.");

                using var db = new ConsoleDb(
                    Options.Create(new StorageOptions { ConnectionString = $"Data Source={Path.Combine(folder, "console.db")}" }),
                    new Place(Environments.Development, folder), NullLogger<ConsoleDb>.Instance);
                var place = new Place(Environments.Development, folder);
                var options = Options.Create(new AuditOptions());
                var verdict = await new TrailVerifier(db, new CheckpointFolder(options, place, db, TimeProvider.System), new SigningKeys(options, place, db), TimeProvider.System)
                    .VerifyAsync(null, null, TestContext.Current.CancellationToken);

                Assert.Empty(verdict.Faults);
                Assert.True(verdict.Size >= acknowledged.Max(), $"Round {round}: {acknowledged.Max()} was acknowledged, {verdict.Size} are there.");
                newest = verdict.Size;
            }

            Assert.True(newest > Rounds * 16, "Hardly anything was appended.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
