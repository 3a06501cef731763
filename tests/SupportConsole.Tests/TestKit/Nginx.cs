using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// The machine's nginx with the configuration that the project recommends. Replaced in it are only what a place has of its own:
/// ports, the name, the certificate and where logs go.
/// </summary>
public sealed class Nginx : IAsyncDisposable
{
    private readonly string _folder;
    private readonly X509Certificate2 _certificate;
    private readonly Process _process;

    private Nginx(string folder, X509Certificate2 certificate, Process process, Uri root, Uri plainRoot)
    {
        _folder = folder;
        _certificate = certificate;
        _process = process;
        Root = root;
        PlainRoot = plainRoot;
    }

    /// <summary>Where browsers reach the console.</summary>
    public Uri Root { get; }

    /// <summary>The same without TLS, which only redirects.</summary>
    public Uri PlainRoot { get; }

    /// <summary>What has been written to the access log and the error log.</summary>
    public string Logged => string.Concat(Directory.GetFiles(_folder, "*.log").Select(File.ReadAllText));

    /// <summary>The same once a line is in it: nginx answers first and writes then.</summary>
    public async Task<string> LoggedAsync(string line)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!Logged.Contains(line, StringComparison.Ordinal) && !limit.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        return Logged;
    }

    /// <summary>Whether a certificate is the one that was made for it.</summary>
    public bool Presents(X509Certificate? certificate) => certificate?.GetCertHashString() == _certificate.GetCertHashString();

    /// <summary>Starts it before a console. Without nginx the test is skipped, and fails where tests must run.</summary>
    /// <param name="console">The console.</param>
    /// <param name="passesUpgrade">False for one that lets no WebSocket through.</param>
    /// <param name="path">The path that the console lies below, with a slash at either end.</param>
    /// <param name="takesPathOff">Whether the console gets its addresses without the path.</param>
    public static async Task<Nginx> StartAsync(Uri console, bool passesUpgrade = true, string path = "/", bool takesPathOff = false)
    {
        const string missing = "There is no nginx: install it, or name it with NGINX=/path.";
        var executable = Find();
        Assert.SkipWhen(executable is null && Environment.GetEnvironmentVariable("CI") != "true", missing);
        Assert.True(executable is not null, missing);

        var folder = Directory.CreateTempSubdirectory("console-nginx-").FullName;
        var (port, plainPort) = (Ports.Free(), Ports.Free());
        var certificate = MakeCertificate(folder);
        (string Recommended, string Here)[] places =
        [
            ("server 127.0.0.1:5280;", $"server {console.Authority};"),
            ("listen 80;", $"listen 127.0.0.1:{plainPort};"),
            ("listen 443 ssl;", $"listen 127.0.0.1:{port} ssl;"),
            ("https://$server_name$request_uri", $"https://127.0.0.1:{port}$request_uri"),
            ("server_name console.corp.example;", "server_name 127.0.0.1;"),
            ("/etc/ssl/certs/console.corp.example.pem", Path.Combine(folder, "certificate.pem")),
            ("/etc/ssl/private/console.corp.example.key", Path.Combine(folder, "key.pem")),
            ("/var/log/nginx/", $"{folder}/"),
            ("location / {", $"location {path} {{"),
            ("proxy_pass http://support_console;", takesPathOff ? "proxy_pass http://support_console/;" : "proxy_pass http://support_console;"),
        ];
        var recommended = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "deploy", "nginx.conf"));
        foreach (var (there, here) in places)
        {
            Assert.Contains(there, recommended, StringComparison.Ordinal);
            recommended = recommended.Replace(there, here, StringComparison.Ordinal);
        }

        if (!passesUpgrade)
        {
            recommended = string.Join('\n', recommended.Split('\n').Where(line => !line.Contains("proxy_set_header Upgrade", StringComparison.Ordinal)));
        }

        // One process, so that ending it ends all of it.
        var temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(use => $"{use}_temp_path {folder}/{use};\n"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "nginx.conf"),
            $"daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log {folder}/start.log;\nevents {{}}\nhttp {{\n{temporary}\n{recommended}}}\n");
        var start = new ProcessStartInfo(executable, ["-p", folder, "-e", $"{folder}/start.log", "-c", $"{folder}/nginx.conf"]);
        var nginx = new Nginx(folder, certificate, Process.Start(start)!, new Uri($"https://127.0.0.1:{port}"), new Uri($"http://127.0.0.1:{plainPort}"));
        await nginx.AcceptsAsync(port);
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AcceptsAsync(int port)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            Assert.False(_process.HasExited, Logged);
            try
            {
                using var attempt = new TcpClient();
                await attempt.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
            }
        }
    }

    private static X509Certificate2 MakeCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "certificate.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable("NGINX");
        return !string.IsNullOrEmpty(named)
            ? named
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
                .Select(folder => Path.Combine(folder, "nginx")).FirstOrDefault(File.Exists);
    }
}
