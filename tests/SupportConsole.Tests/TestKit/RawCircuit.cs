using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// A window without a browser: speaks the protocol of Blazor's circuits itself. It does what a browser must (draws, answers calls
/// to JavaScript) and can do what none would: navigate, press and submit what was never on the screen.
/// </summary>
public sealed class RawCircuit : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HubConnection _hub;
    private readonly Lock _lock = new();
    private readonly List<byte[]> _drawn = [];
    private readonly List<(byte[] Text, TaskCompletionSource Seen)> _awaited = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource<bool>> _calls = new();
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<long> _events = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LoadedPage _page;
    private int _call;

    private RawCircuit(RawBrowser browser, LoadedPage page)
    {
        _page = page;
        var builder = new HubConnectionBuilder().WithUrl(new Uri(browser.Root, "/_blazor"), options =>
        {
            options.Transports = HttpTransportType.WebSockets;
            options.Cookies = browser.Cookies;
        });
        builder.Services.AddSingleton<IHubProtocol>(new BlazorPack());
        _hub = builder.Build();
        _hub.On<long, byte[]>("JS.RenderBatch", DrawAsync);
        _hub.On<long, string, string, int, long, int>("JS.BeginInvokeJS", AnswerAsync);
        _hub.On<string, bool, string>("JS.EndInvokeDotNet", (call, succeeded, _) =>
        {
            if (_calls.TryRemove(call, out var waiting))
            {
                waiting.TrySetResult(succeeded);
            }
        });
        _hub.On<string>("JS.Error", text => _ended.TrySetResult(text));
        _hub.Closed += cause =>
        {
            _ended.TrySetResult(cause?.Message ?? "closed");
            return Task.CompletedTask;
        };
    }

    /// <summary>Done when the server has ended the circuit, with what it said.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Loads a page and starts its circuit.</summary>
    public static async Task<RawCircuit> OpenAsync(RawBrowser browser, string path) => await StartAsync(browser, await browser.LoadAsync(path));

    /// <summary>Starts the circuit of a page, be it as the server sent it or not.</summary>
    public static async Task<RawCircuit> StartAsync(RawBrowser browser, LoadedPage page)
    {
        var circuit = new RawCircuit(browser, page);
        try
        {
            await circuit._hub.StartAsync();
            await circuit._hub.InvokeAsync<string>("StartCircuit", new Uri(browser.Root, "/").ToString(), page.Address.ToString(), "[]", page.State);
            await circuit.AddAsync(page);
            return circuit;
        }
        catch
        {
            await circuit.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the server to add a page's components, as a browser does for those of the page it loaded.</summary>
    public Task AddAsync(LoadedPage page)
    {
        var operations = page.Markers.Select((marker, index) => new JsonObject
        {
            ["type"] = "add", ["ssrComponentId"] = index + 1, ["marker"] = marker.DeepClone(),
        });
        return _hub.InvokeAsync("UpdateRootComponents", new JsonObject { ["batchId"] = 1, ["operations"] = new JsonArray([.. operations]) }.ToJsonString(), page.State);
    }

    /// <summary>Waits until a text was drawn, now or before.</summary>
    public async Task SeesAsync(string text)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_drawn.Any(batch => batch.AsSpan().IndexOf(wanted) >= 0))
            {
                return;
            }

            _awaited.Add((wanted, seen));
        }

        var first = await Task.WhenAny(seen.Task, _ended.Task).WaitAsync(Patience, TimeProvider.System);
        if (first == _ended.Task)
        {
            throw new InvalidOperationException($"The circuit ended before \"{text}\" was drawn: {await _ended.Task}");
        }
    }

    /// <summary>Whether a text was drawn since the last <see cref="Forget"/>.</summary>
    public bool HasSeen(string text)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        lock (_lock)
        {
            return _drawn.Any(batch => batch.AsSpan().IndexOf(wanted) >= 0);
        }
    }

    /// <summary>Forgets what was drawn so far.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _drawn.Clear();
        }
    }

    /// <summary>Goes to another page inside the circuit, as a link would; no request carries it.</summary>
    public Task NavigateAsync(string path) => _hub.InvokeAsync("OnLocationChanged", new Uri(_page.Address, path).ToString(), null, true);

    /// <summary>Tells the server that an event handler's event happened. False when the server says that it failed.</summary>
    public async Task<bool> DispatchAsync(ulong handler, string name, JsonObject arguments)
    {
        var interop = await _events.Task.WaitAsync(Patience, TimeProvider.System);
        var call = Interlocked.Increment(ref _call).ToString(CultureInfo.InvariantCulture);
        var done = _calls[call] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var descriptor = new JsonObject { ["eventHandlerId"] = handler, ["eventName"] = name, ["eventFieldInfo"] = null };
        await _hub.SendAsync("BeginInvokeDotNetFromJS", call, null, "DispatchEventAsync", interop, new JsonArray(descriptor, arguments.DeepClone()).ToJsonString());
        return await done.Task.WaitAsync(Patience, TimeProvider.System);
    }

    /// <summary>A round trip through the circuit that changes nothing: an event of a handler that isn't there.</summary>
    public Task RoundTripAsync() => DispatchAsync(ulong.MaxValue >> 12, "click", []);

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    private Task DrawAsync(long batch, byte[] data)
    {
        lock (_lock)
        {
            _drawn.Add(data);
            _awaited.RemoveAll(wait => data.AsSpan().IndexOf(wait.Text) >= 0 && wait.Seen.TrySetResult());
        }

        return _hub.SendAsync("OnRenderCompleted", batch, null);
    }

    private async Task AnswerAsync(long handle, string name, string arguments, int kind, long target, int callType)
    {
        switch (name)
        {
            case "Blazor._internal.attachWebRendererInterop":
                _events.TrySetResult(ReferenceIn(JsonNode.Parse(arguments)![1]!));
                break;
            case "Blazor._internal.Virtualize.init":
                await _hub.SendAsync(
                    "BeginInvokeDotNetFromJS", "virtualize", null, "OnSpacerAfterVisible", ReferenceIn(JsonNode.Parse(arguments)![0]!), "[0,0,900]");
                break;
        }

        if (handle != 0)
        {
            await _hub.SendAsync("EndInvokeJSFromDotNet", handle, true, new JsonArray(handle, true, ResultOf(name, kind)).ToJsonString());
        }
    }

    private static long ReferenceIn(JsonNode reference) => reference["__dotNetObject"]!.GetValue<long>();

    /// <summary>What a browser of ordinary size would answer to MudBlazor, to Blazor and to the console's own script.</summary>
    private static JsonNode? ResultOf(string name, int kind) => kind switch
    {
        1 => new JsonObject { ["__jsObjectId"] = 1 },
        3 => null,
        _ when name.EndsWith("hasOwnProperty", StringComparison.Ordinal) || name.EndsWith("matchMedia", StringComparison.Ordinal) => true,
        _ when name.EndsWith("countProviders", StringComparison.Ordinal) => 1,
        _ when name.EndsWith("oundingClientRect", StringComparison.Ordinal) => JsonSerializer.SerializeToNode(
            new { x = 0, y = 0, width = 1400, height = 900, top = 0, left = 0, right = 1400, bottom = 900, windowWidth = 1400, windowHeight = 900 }),
        _ when name.EndsWith("BrowserWindowSize", StringComparison.Ordinal) => JsonSerializer.SerializeToNode(new { width = 1400, height = 900 }),
        _ when name == "supportConsole.facts" => JsonSerializer.SerializeToNode(new { timeZone = "Europe/Berlin", dark = false }),
        _ when name.Contains("dark", StringComparison.OrdinalIgnoreCase) => false,
        _ => null,
    };

    /// <summary>Blazor's own name for MessagePack with fewer types.</summary>
    private sealed class BlazorPack : IHubProtocol
    {
        private readonly MessagePackHubProtocol _messagePack = new();

        public string Name => "blazorpack";

        public int Version => 1;

        public TransferFormat TransferFormat => _messagePack.TransferFormat;

        public bool IsVersionSupported(int version) => version == Version;

        public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message) =>
            _messagePack.TryParseMessage(ref input, binder, out message);

        public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => _messagePack.WriteMessage(message, output);

        public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _messagePack.GetMessageBytes(message);
    }
}
