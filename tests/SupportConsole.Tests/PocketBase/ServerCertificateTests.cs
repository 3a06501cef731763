using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.PocketBase;

/// <summary>An address whose certificate isn't right: the cause is named wherever somebody looks.</summary>
public sealed class ServerCertificateTests
{
    [Theory]
    [InlineData("127.0.0.1", -1, 30, "doesn't know the authority that issued it")]
    [InlineData("127.0.0.1", -60, -30, "and not now; it has to be renewed")]
    [InlineData("127.0.0.1", 30, 60, "and not now; it has to be renewed")]
    [InlineData("192.0.2.1", -1, 30, "for another host name")]
    public async Task What_is_wrong_with_a_certificate_is_said(string host, int fromDays, int toDays, string cause)
    {
        await using var server = await ServeAsync(host, fromDays, toDays);
        await using var access = new PocketBaseAccess(new Uri(server.Urls.Single()));

        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => access.Superuser.ProbeAsync(TestContext.Current.CancellationToken));

        Assert.Equal(PocketBaseProblemKind.Certificate, problem.Kind);
        Assert.Contains(cause, problem.Message, StringComparison.Ordinal);
        Assert.Contains(access.Log.All, line => line.Contains(nameof(PocketBaseProblemKind.Certificate), StringComparison.Ordinal) && line.Contains(cause, StringComparison.Ordinal));
    }

    private static async Task<WebApplication> ServeAsync(string host, int fromDays, int toDays)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=a stranger's words", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(host));
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(fromDays), now.AddDays(toDays));
        var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync("{}"));
        await app.StartAsync();
        return app;
    }
}
