#pragma warning disable RS0030 // A seed that is said, so that the same things are made up each time.
using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SupportConsole.Features.Audit;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Shipping;

/// <summary>A console that is killed while it sends.</summary>
public sealed class KilledShippingTests
{
    private static int Rounds => int.Parse(Environment.GetEnvironmentVariable("KILL_ROUNDS") ?? "5", CultureInfo.InvariantCulture);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_receiver_has_every_event_in_order_but_for_repeats_it_can_tell()
    {
        var folder = Directory.CreateTempSubdirectory("killed-shipping-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, ShippingProcess.SecretFile), ShippedTrail.Secret, Token);
        await using var receiver = await Relay.StartAsync();
        var came = new ConcurrentQueue<string>();
        receiver.Intercept = context =>
        {
            came.Enqueue(context.Request.Headers["webhook-id"].ToString());
            return Task.FromResult(true);
        };
        var dice = new Random(11);
        try
        {
            for (var round = 1; round <= Rounds; round++)
            {
                var before = came.Count;
                using var process = ShippingProcess.Start(folder, receiver.Url);
                while (came.Count == before && !process.HasExited)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(dice.Next(1, 700)), TimeProvider.System, Token);
                process.Kill();
                await process.WaitForExitAsync(Token);
                Assert.True(came.Count > before, $"Round {round}: nothing came. {await process.StandardError.ReadToEndAsync(Token)}");
            }

            var place = new Place(Environments.Development, folder);
            using var db = new ConsoleDb(
                Options.Create(new StorageOptions { ConnectionString = $"Data Source={Path.Combine(folder, "console.db")}" }), place, NullLogger<ConsoleDb>.Instance);
            await using var writer = SqliteFile.WriterOn(db);
            using var sink = ShippingProcess.Webhook(place, receiver.Url.ToString());
            using var shipping = ShippingProcess.Shipping(sink, db, writer);
            await shipping.StartAsync(Token);
            var end = db.Read(TrailTable.Bounds, Token).Newest;
            while (SequenceIn(came.Last()) < end)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
            }

            await shipping.StopAsync(Token);
            string[] ids = [.. came.Distinct()];
            Assert.Equal(Enumerable.Range(1, (int)end).Select(each => (long)each), ids.Select(SequenceIn));
            TestContext.Current.SendDiagnosticMessage($"{Rounds} kills, {end} events, {came.Count - end} repeats");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long SequenceIn(string id) => long.Parse(id.Split('_')[1], CultureInfo.InvariantCulture);
}
