using System.Globalization;
using System.Net;
using System.Text.Json;
using SupportConsole.Benchmarks.Measuring;
using SupportConsole.Benchmarks.Stage;
using SupportConsole.Features.ViewAs.Files;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Benchmarks.Rows;

/// <summary>A protected file of fifty megabytes through a console in a process of its own, against the same file from PocketBase with a file token.</summary>
internal sealed class Files : Row
{
    private const int Bytes = 50 * 1024 * 1024;

    public override string Name => "files";

    public override async IAsyncEnumerable<Line> MeasureAsync()
    {
        await using var app = await AppServer.StartWithManyCollectionsAsync();
        var (record, name) = await app.AddFileAsync(Bytes);
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}"));
        await using var console = await Helper.HostAsync(Hosts.Console, address.ToString(), Places.Fresh(), app.Url);
        var agents = await console.AskAsync("agents 1");
        using var browser = new RawBrowser(address);
        browser.Cookies.Add(address, new Cookie(agents.GetProperty("cookie").GetString()!, agents.GetProperty("agents")[0].GetProperty("ticket").GetString()));
        using var bare = new HttpClient { BaseAddress = new Uri(app.Url) };
        bare.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", await app.ImpersonateAsync(AppServer.Member));
        var place = new FilePlace("archive", record, name).ToAddress(agents.GetProperty("agents")[0].GetProperty("session").GetString()!);

        var before = await WorkingSetAsync(console);
        var (subject, floor) = await Samples.InTurnsAsync(
            3, 20,
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/{place}", UriKind.Relative));
                using var answer = await browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                await ReadAsync(answer);
            },
            async () =>
            {
                using var asked = await bare.PostAsync(new Uri("/api/files/token", UriKind.Relative), null);
                var token = JsonDocument.Parse(await asked.Content.ReadAsByteArrayAsync()).RootElement.GetProperty("token").GetString();
                using var answer = await bare.GetAsync(new Uri($"/api/files/archive/{record}/{name}?token={token}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
                await ReadAsync(answer);
            });
        yield return Line.Of("a file of 50 MB through the console, against PocketBase itself", subject, floor, 1 / 0.8);
        var grown = await WorkingSetAsync(console) - before;
        yield return new Line("a file of 50 MB: what the console's working set grew by in 23 of them", string.Create(CultureInfo.InvariantCulture, $"{grown / 1e6:0} MB"), "", "", "flat", grown < Bytes);
    }

    private static async Task<long> WorkingSetAsync(Helper console) => (await console.AskAsync("state")).GetProperty("workingSet").GetInt64();

    private static async Task ReadAsync(HttpResponseMessage answer)
    {
        answer.EnsureSuccessStatusCode();
        await using var content = await answer.Content.ReadAsStreamAsync();
        var part = new byte[81920];
        long all = 0;
        for (int read; (read = await content.ReadAsync(part)) > 0;)
        {
            all += read;
        }

        if (all != Bytes)
        {
            throw new InvalidOperationException($"{all} bytes came.");
        }
    }
}
