namespace SupportConsole.Benchmarks.Stage;

/// <summary>Requests as plain as .NET makes them: one pooled connection, a token, the answer's bytes.</summary>
internal sealed class BareClient : IDisposable
{
    private readonly HttpClient _http;

    public BareClient(string url, string token)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(url) };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", token);
    }

    public Task<byte[]> GetAsync(string path) => _http.GetByteArrayAsync(path);

    public async Task<byte[]> PostAsync(string path)
    {
        using var answer = await _http.PostAsync(path, null);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }

    public void Dispose() => _http.Dispose();
}
