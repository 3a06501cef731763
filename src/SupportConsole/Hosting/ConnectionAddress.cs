using Microsoft.AspNetCore.Components.Server.Circuits;
using SupportConsole.Access;

namespace SupportConsole.Hosting;

/// <summary>
/// Tells a window's operations where its browser is: where its own WebSocket comes from, anew whenever the window finds its way back.
/// The page may have been loaded from elsewhere, by somebody who took a laptop home or by whoever copied what starts a circuit.
/// </summary>
internal sealed class ConnectionAddress(IHttpContextAccessor requests, StaffPrincipal staff) : CircuitHandler
{
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        // The request that became the socket; the framework calls this from within it, the first time and at each reconnect.
        staff.ClientAddress = requests.HttpContext?.Connection.RemoteIpAddress?.ToString();
        return Task.CompletedTask;
    }
}
