using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace SupportConsole.Demo;

/// <summary>Decides whether this start is a demo, and points the console at the PocketBase that will be started for it.</summary>
internal static class DemoFeature
{
    /// <summary>
    /// A demo in Development when no <c>PocketBase:Url</c> is configured, or when <c>Demo:Enabled</c> says so. What it decides
    /// goes into the configuration, so that nothing else has to know.
    /// </summary>
    public static void AddDemo(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var hasUrl = !string.IsNullOrWhiteSpace(configuration["PocketBase:Url"]);
        var enabled = configuration.GetValue<bool?>("Demo:Enabled") ?? (builder.Environment.IsDevelopment() && !hasUrl);
        if (builder.Environment.IsDevelopment() && configuration["SignIn:Mode"] is null)
        {
            configuration["SignIn:Mode"] = "Demo";
        }

        builder.Services.AddOptions<DemoOptions>().BindConfiguration(DemoOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<DemoOptions>, DemoRules>();
        if (!enabled || !builder.Environment.IsDevelopment())
        {
            return; // Outside Development the rules refuse it, together with whatever else is wrong.
        }

        var executable = configuration["Demo:PocketBaseExecutable"] is { Length: > 0 } named
            ? named
            : DemoBackend.PinnedExecutable(builder.Environment.ContentRootPath);
        if (!File.Exists(executable))
        {
            throw new DemoUnavailableException(
                $"The demo's PocketBase is missing at {executable}, where the build puts it with Node.js on linux-x64: "
                + "set Demo:PocketBaseExecutable to a PocketBase of your own, or PocketBase:Url (with PocketBase:SuperuserEmail and PocketBase:SuperuserPassword) to a running one.");
        }

        var backend = new DemoBackend(
            executable,
            Path.Combine(builder.Environment.ContentRootPath, "Demo"),
            configuration["Demo:DataFolder"] ?? Path.Combine(builder.Environment.ContentRootPath, "data", "demo"),
            FreePort(),
            RandomNumberGenerator.GetHexString(32));
        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["PocketBase:Url"] = backend.Url,
            ["PocketBase:SuperuserEmail"] = backend.SignInEmail,
            ["PocketBase:SuperuserPassword"] = backend.SuperuserPassword,
            ["ViewAs:ProtectedUsers"] = configuration["ViewAs:ProtectedUsers"] is { Length: > 0 } filter ? filter : "protected = true",
        });
        builder.Services.AddSingleton(backend);
        builder.Services.AddHostedService(provider => provider.GetRequiredService<DemoBackend>());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
