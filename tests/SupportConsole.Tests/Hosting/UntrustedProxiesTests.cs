using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SupportConsole.Hosting;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Hosting;

/// <summary>What the operator's log says of proxies that nobody listed, and what strangers can make it say.</summary>
public sealed class UntrustedProxiesTests : IDisposable
{
    private readonly LogLines _log = new();
    private readonly LoggerFactory _loggers;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 27, 8, 0, 0, TimeSpan.Zero));
    private readonly UntrustedProxies _proxies;

    public UntrustedProxiesTests()
    {
        _loggers = new LoggerFactory([_log]);
        _proxies = new UntrustedProxies(
            Options.Create(new ProxyOptions { Trusted = ["10.1.2.3", "10.8.0.0/16", "fd00::/8"] }), _clock, _loggers.CreateLogger<UntrustedProxies>());
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("X-Forwarded-Proto", "https, <b>")]
    [InlineData("x-forwarded-host", "console.corp.example")]
    [InlineData("Forwarded", "for=203.0.113.7;proto=https")]
    public void The_line_names_the_address_and_the_remedy(string header, string value)
    {
        Ask("192.0.2.7", header, value);

        var line = Assert.Single(_log.All);
        Assert.StartsWith("Warning SupportConsole.Hosting.UntrustedProxies 9003: A request from 192.0.2.7 carries ", line, StringComparison.Ordinal);
        Assert.Contains("list it in Proxy:Trusted", line, StringComparison.Ordinal);
        Assert.DoesNotContain(value, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.1.2.3", "X-Forwarded-For", "203.0.113.7")]
    [InlineData("10.8.200.1", "X-Forwarded-Proto", "https")]
    [InlineData("::ffff:10.1.2.3", "X-Forwarded-For", "203.0.113.7")]
    [InlineData("fd00::5", "Forwarded", "for=203.0.113.7")]
    [InlineData("192.0.2.7", "X-Forwarded-For", "")]
    [InlineData("192.0.2.7", "X-Real-IP", "203.0.113.7")]
    [InlineData("192.0.2.7", "Via", "1.1 proxy")]
    public void Nothing_is_said_of_a_listed_proxy_or_of_no_proxy(string address, string header, string value)
    {
        Ask(address, header, value);

        Assert.Empty(_log.All);
    }

    [Fact]
    public void An_address_is_named_as_it_is_to_be_listed()
    {
        Ask("::ffff:192.0.2.7", "X-Forwarded-For", "203.0.113.7");

        Assert.Contains("A request from 192.0.2.7 carries", Assert.Single(_log.All), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_is_named_once_an_hour()
    {
        for (var minute = 0; minute < 60; minute++)
        {
            Ask("192.0.2.7", "X-Forwarded-For", minute.ToString(CultureInfo.InvariantCulture));
            Ask("::ffff:192.0.2.7", "Forwarded", "x");
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Single(_log.All);
        Ask("192.0.2.7", "X-Forwarded-For", "x");
        Assert.Equal(2, _log.All.Count);
    }

    [Fact]
    public void Strangers_from_everywhere_fill_no_log()
    {
        for (var i = 0; i < 50_000; i++)
        {
            Ask($"2001:db8:{i:x}::1", "X-Forwarded-For", new string('x', 4000));
        }

        Assert.Equal(20, _log.All.Count);
        Assert.All(_log.All, line => Assert.True(line.Length < 500, line));
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _log.Dispose();
    }

    private void Ask(string address, string header, string value)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
        context.Request.Headers[header] = value;
        _proxies.LookAt(context);
    }
}
