using System.Net;
using System.Net.Sockets;

namespace SupportConsole.Tests.TestKit;

/// <summary>Ports of this machine for servers that have to be told one.</summary>
internal static class Ports
{
    /// <summary>One that nobody listens on. Somebody else may take it before it is used.</summary>
    public static int Free()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
