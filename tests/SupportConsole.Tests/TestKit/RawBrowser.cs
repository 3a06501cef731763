using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SupportConsole.Tests.TestKit;

/// <summary>
/// What an attacker has in a browser's place: a cookie jar, and no manners. It sends what it is told to and follows nothing.
/// </summary>
public sealed partial class RawBrowser : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>An empty cookie jar.</summary>
    public RawBrowser(Uri root)
    {
        Root = root;
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = root };
    }

    public Uri Root { get; }

    public CookieContainer Cookies { get; } = new();

    public static async Task<RawBrowser> SignInAsync(Uri root, string person)
    {
        var browser = new RawBrowser(root);
        using var answer = await browser.PostAsync("/signin/demo", await browser.FieldAsync("/signin"), ("person", person), ("returnUrl", "/"));
        return answer.Headers.Location?.OriginalString == "/"
            ? browser
            : throw new InvalidOperationException($"{person} couldn't sign in: {answer.StatusCode}");
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.Relative));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead) =>
        _http.SendAsync(request, until);

    /// <summary>The antiforgery token of a page's form.</summary>
    public async Task<string> FieldAsync(string page) =>
        AntiforgeryField().Match(await _http.GetStringAsync(new Uri(page, UriKind.Relative))).Groups[1].Value;

    public async Task<HttpResponseMessage> PostAsync(string path, string? antiforgery, params (string Name, string Value)[] fields)
    {
        var values = fields.Select(field => KeyValuePair.Create(field.Name, field.Value));
        using var form = new FormUrlEncodedContent(antiforgery is null ? values : values.Append(new("__RequestVerificationToken", antiforgery)));
        return await _http.PostAsync(new Uri(path, UriKind.Relative), form);
    }

    public async Task SignOutAsync()
    {
        using var answer = await PostAsync("/signout", await FieldAsync("/no-access"));
    }

    /// <summary>Loads a page and keeps what starts a circuit of it.</summary>
    public async Task<LoadedPage> LoadAsync(string path)
    {
        using var answer = await GetAsync(path);
        var html = await answer.Content.ReadAsStringAsync();
        return new LoadedPage(
            new Uri(Root, path),
            answer.StatusCode,
            html,
            [.. Marker().Matches(html).Select(match => JsonNode.Parse(match.Groups[1].Value)!.AsObject()).Where(marker => marker.ContainsKey("descriptor"))],
            State().Match(html).Groups[1].Value);
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryField();

    [GeneratedRegex(@"<!--Blazor:(\{.*?\})-->")]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex State();
}

/// <summary>A page as the server sent it.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Status">How the server answered.</param>
/// <param name="Html">What it sent.</param>
/// <param name="Markers">The protected descriptors of its components.</param>
/// <param name="State">Its protected state.</param>
public sealed record LoadedPage(Uri Address, HttpStatusCode Status, string Html, ImmutableArray<JsonObject> Markers, string State);
