namespace SupportConsole.PocketBase;

/// <summary>A file as PocketBase sends it, read as it comes.</summary>
internal sealed class PocketBaseFile : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly Stream _content;
    private readonly PocketBaseTransport _transport;

    internal PocketBaseFile(HttpResponseMessage response, Stream content, PocketBaseTransport transport)
    {
        _response = response;
        _content = content;
        _transport = transport;
        Length = response.Content.Headers.ContentLength;
    }

    /// <summary>How many bytes it has; null when PocketBase doesn't say.</summary>
    public long? Length { get; }

    /// <summary>Reads the next part.</summary>
    /// <returns>How many bytes were read; 0 at the end.</returns>
    /// <exception cref="PocketBaseProblem">It broke off, or nothing came in the time that PocketBase has for an answer.</exception>
    public Task<int> ReadAsync(Memory<byte> part, CancellationToken cancellation) =>
        _transport.WithinLimitAsync(limit => _content.ReadAsync(part, limit).AsTask(), cancellation);

    public void Dispose() => _response.Dispose();
}
