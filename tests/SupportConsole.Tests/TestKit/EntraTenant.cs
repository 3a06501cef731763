using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SupportConsole.Tests.TestKit;

/// <summary>An account of the tenant, as its directory writes it.</summary>
/// <param name="ObjectId">The object id, which stays; everything else may change.</param>
/// <param name="Name">The display name.</param>
/// <param name="Email">What the person signs in with.</param>
/// <param name="Roles">The app roles assigned to them.</param>
public sealed record EntraAccount(string ObjectId, string Name, string Email, params string[] Roles)
{
    internal JsonObject ToJson() => new()
    {
        ["oid"] = ObjectId, ["name"] = Name, ["preferred_username"] = Email, ["roles"] = new JsonArray([.. Roles.Select(role => JsonValue.Create(role))]),
    };
}

/// <summary>A certified OpenID Connect provider on loopback that poses as a tenant of Microsoft Entra ID.</summary>
public sealed class EntraTenant : IAsyncDisposable
{
    public const string Id = "5b0f3f6e-8f37-4c0e-9d0a-6c1a52a7d9f1";
    public const string ClientId = "0d9d6b1c-6b36-4b5f-8a1f-3f0b9f7a3c55";
    public const string ClientSecret = "only-for-tests";

    private readonly string _folder;
    private readonly Process _process;
    private readonly SemaphoreSlim _speaking = new(1);

    private EntraTenant(string folder, Process process, int port, X509Certificate2 certificate)
    {
        _folder = folder;
        _process = process;
        Certificate = certificate;
        Instance = new Uri($"https://localhost:{port}/");
    }

    /// <summary>Where the tenant is; the console's <c>AzureAd:Instance</c>.</summary>
    public Uri Instance { get; }

    /// <summary>Self-signed, for every host on loopback; the console in front of the browser uses it too.</summary>
    public X509Certificate2 Certificate { get; }

    public static async Task<EntraTenant> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("entra-").FullName;
        var certificate = NewCertificate(folder);
        var process = Process.Start(new ProcessStartInfo(
            "node", [Path.Combine(Checkout.Root, "tests", "entra-tenant.mjs"), Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"), Id])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return new EntraTenant(folder, process, (await HearAsync(process)).GetProperty("port").GetInt32(), certificate);
    }

    /// <summary>Registers the console and everybody who has an account.</summary>
    public Task OpenAsync(Uri console, IEnumerable<EntraAccount> accounts) => SayAsync("open", new JsonObject
    {
        ["client"] = new JsonObject { ["id"] = ClientId, ["secret"] = ClientSecret, ["root"] = console.ToString() },
        ["accounts"] = new JsonArray([.. accounts.Select(account => account.ToJson())]),
    });

    /// <summary>Changes or adds a person.</summary>
    public Task ChangeAsync(EntraAccount account) => SayAsync("change", new JsonObject { ["account"] = account.ToJson() });

    /// <summary>How the id tokens are falsified from now on: claims set or, with null, left out.</summary>
    public Task ForgeAsync(JsonObject claims, bool otherKey = false) => SayAsync("forge", new JsonObject { ["claims"] = claims, ["otherKey"] = otherKey });

    /// <summary>Tokens are as they should be again.</summary>
    public Task BeHonestAsync() => SayAsync("forge", new JsonObject { ["claims"] = new JsonObject() });

    public Task GoDownAsync() => SayAsync("down", []);

    public Task ComeBackAsync() => SayAsync("up", []);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _speaking.Dispose();
        Certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SayAsync(string command, JsonObject with)
    {
        await _speaking.WaitAsync();
        try
        {
            with["command"] = command;
            await _process.StandardInput.WriteLineAsync(with.ToJsonString());
            Assert.Equal(command, (await HearAsync(_process)).GetProperty("done").GetString());
        }
        finally
        {
            _speaking.Release();
        }
    }

    private static async Task<JsonElement> HearAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            // Anything else is a remark of the provider's about where it runs.
            if (line.StartsWith('{'))
            {
                return JsonSerializer.Deserialize<JsonElement>(line);
            }
        }

        throw new InvalidOperationException("The provider ended: run 'npm ci' in tests.");
    }

    private static X509Certificate2 NewCertificate(string folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), made.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
