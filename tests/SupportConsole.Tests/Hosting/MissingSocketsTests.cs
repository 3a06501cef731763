using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;
using SupportConsole.Hosting;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Hosting;

/// <summary>What the operator's log says of windows that got no WebSocket.</summary>
public sealed class MissingSocketsTests : IDisposable
{
    private readonly LogLines _log = new();
    private readonly LoggerFactory _loggers;
    private readonly MissingSockets _sockets;

    public MissingSocketsTests()
    {
        _loggers = new LoggerFactory([_log]);
        _sockets = new MissingSockets(_loggers.CreateLogger<MissingSockets>());
    }

    [Fact]
    public void One_line_names_each_address_however_often_it_tries()
    {
        for (var again = 0; again < 20; again++)
        {
            Assert.IsType<NoContent>(Report("192.0.2.7"));
        }

        Report("192.0.2.8");

        Assert.Collection(
            _log.All,
            line => Assert.StartsWith("Warning SupportConsole.Hosting.MissingSockets 9002: A window at 192.0.2.7 got no WebSocket", line, StringComparison.Ordinal),
            line => Assert.Contains("192.0.2.8", line, StringComparison.Ordinal));
        Assert.All(_log.All, line => Assert.Contains("Upgrade and Connection", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_network_of_the_sixth_version_counts_as_one()
    {
        Report("2001:db8::1");
        Report("2001:db8::2");

        Assert.Single(_log.All);
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData("none")]
    public void A_page_of_another_site_or_a_link_writes_nothing(string from)
    {
        var answer = Report("192.0.2.7", from);

        Assert.Equal(StatusCodes.Status403Forbidden, Assert.IsAssignableFrom<IStatusCodeHttpResult>(answer).StatusCode);
        Assert.Empty(_log.All);
    }

    public void Dispose()
    {
        _sockets.Dispose();
        _loggers.Dispose();
        _log.Dispose();
    }

    private IResult Report(string address, string from = "same-origin")
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        context.Request.Headers["Sec-Fetch-Site"] = from;
        return _sockets.Report(context);
    }
}
