using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit.Shipping;
using SupportConsole.Storage;

namespace SupportConsole.Tests.TestKit;

/// <summary>A process of its own that appends to a trail and sends it to a webhook, until it is killed.</summary>
internal static class ShippingProcess
{
    public const string Argument = "ship-until-killed";

    public const string SecretFile = "webhook.secret";

    /// <summary>Starts one; nothing but its death is waited for.</summary>
    public static Process Start(string folder, Uri url) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(ShippingProcess).Assembly.Location, Argument, folder, url.ToString()]) { RedirectStandardError = true })!;

    /// <summary>What the process does.</summary>
    public static async Task<int> ShipAsync(string folder, string url)
    {
        var place = new Place(Environments.Development, folder);
        using var db = new ConsoleDb(
            Options.Create(new StorageOptions { ConnectionString = $"Data Source={Path.Combine(folder, "console.db")}" }), place, NullLogger<ConsoleDb>.Instance);
        await using var writer = SqliteFile.WriterOn(db);
        var trail = SqliteFile.TrailOn(writer, db);
        using var sink = Webhook(place, url);
        using var shipping = Shipping(sink, db, writer);
        await shipping.StartAsync(CancellationToken.None);
        while (true)
        {
            await trail.AppendAsync(new AuditEvent(AuditEventTypes.RoleGranted, TimeProvider.System.GetUtcNow(), new AuditActor(new StaffId("demo/mia-chen"), "Mia Chen", [])));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    /// <summary>Sends to a webhook whose secret lies in the folder.</summary>
    public static WebhookSink Webhook(IHostEnvironment place, string url) =>
        new(Options.Create(new WebhookOptions { Url = url, SecretFile = SecretFile, Events = ["*"], From = SinkStart.Start }), place, TimeProvider.System);

    public static TrailShipping Shipping(IEventSink sink, ConsoleDb db, ConsoleWriter writer) => new([sink], db, writer, TimeProvider.System, NullLogger<TrailShipping>.Instance);
}
