using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using SupportConsole.Site;

namespace SupportConsole.Tests.TestKit;

/// <summary>The whole console behind a test server, with the demo's sign-in and a PocketBase that is running already.</summary>
public sealed partial class ConsoleSite(DemoServer server, string environment = "Development") : WebApplicationFactory<App>
{
    private readonly string _folder = Directory.CreateTempSubdirectory("console-site-").FullName;

    /// <summary>A browser without cookies that shows redirects instead of following them.</summary>
    public HttpClient Browser() => CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = true });

    /// <summary>A browser in which a demo person has signed in through the page's own form.</summary>
    public async Task<HttpClient> BrowserOfAsync(string person)
    {
        var browser = Browser();
        using var answer = await SignInAsync(browser, person, "/");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return browser;
    }

    /// <summary>Presses "Sign in as …".</summary>
    public static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, string person, string returnUrl) =>
        await PostAsync(browser, "/signin", "/signin/demo", ("person", person), ("returnUrl", returnUrl));

    /// <summary>Posts a form with the antiforgery token of the page that holds it.</summary>
    public static async Task<HttpResponseMessage> PostAsync(
        HttpClient browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var html = await browser.GetStringAsync(new Uri(page, UriKind.Relative));
        using var form = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", AntiforgeryField().Match(html).Groups[1].Value), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]);
        return await browser.PostAsync(new Uri(action, UriKind.Relative), form);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(environment);
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["Demo:Enabled"] = "false",
            ["SignIn:Mode"] = "Demo",
            ["PocketBase:Url"] = server.Url.ToString(),
            ["PocketBase:SuperuserToken"] = server.SuperuserToken,
            ["ViewAs:ProtectedUsers"] = "protected = true",
            ["Storage:ConnectionString"] = $"Data Source={Path.Combine(_folder, "console.db")}",
            ["Audit:CheckpointFolder"] = Path.Combine(_folder, "checkpoints"),
            ["DataProtection:KeyFolder"] = Path.Combine(_folder, "keys"),
            ["Logging:Folder"] = _folder,
        })
        {
            builder.UseSetting(key, value);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryField();
}
