using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SupportConsole.Tests.TestKit;

/// <summary>Ports of this machine for servers that have to be told one.</summary>
internal static class Ports
{
    // Below those that systems give to whoever takes any: nobody else gets one between the look and the use, or while its server is stopped.
    private static int s_newest = RandomNumberGenerator.GetInt32(20_000, 30_000);

    /// <summary>One that nobody listens on, and that nobody else is told.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref s_newest);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it already.
            }
        }
    }
}
