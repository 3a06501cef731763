using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using SupportConsole.Features.ViewAs.Bodies;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Browser;

/// <summary>What a browser draws of a body, held against what it draws of the stored one.</summary>
public sealed partial class BodyDrawingTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const int Documents = 1000;

    // Everything that may be in a drawn body, whoever wrote it.
    private const string Allowed =
        "abbr address b bdi bdo blockquote br caption cite code data dd del details dfn div dl dt em figcaption figure h3 h4 h5 h6 hr i ins kbd li mark ol p "
        + "pre q rp rt ruby s samp small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr";

    private const string AllowedAttributes =
        "class colspan dir lang open reversed rowspan start title type value data-field data-href data-image data-list data-option data-spaced";

    [Fact]
    public async Task Every_word_that_a_reader_sees_is_drawn_here_too()
    {
        var stored = Enumerable.Range(1, Documents).Select(seed => RandomMarkup.Of((uint)seed)).ToArray();
        var drawn = await DrawAsync(stored);

        // As the app's reader without scripts: what is inside "noscript" is text to be read.
        await using var reader = await browsers.NewProfileAsync(scripts: false);
        var seen = await WordsAsync(reader, stored);
        await using var agent = await browsers.NewProfileAsync();
        var shown = await WordsAsync(agent, drawn);

        var faults = Enumerable.Range(0, Documents).Where(i => seen[i].Except(shown[i]).Any() || (KeepsOrder(stored[i]) && !seen[i].SequenceEqual(shown[i].Intersect(seen[i]))))
            .OrderBy(i => stored[i].Length).Take(3)
            .Select(i => $"{stored[i]}\n  seen:  {string.Join(' ', seen[i])}\n  shown: {string.Join(' ', shown[i])}\n  {drawn[i]}\n");
        Assert.True(!faults.Any(), string.Join('\n', faults));
        var compared = seen.Sum(words => words.Length);
        TestContext.Current.SendDiagnosticMessage("{0} words compared", compared);
        Assert.InRange(compared, 3 * Documents, int.MaxValue);
    }

    [Fact]
    public async Task Nothing_acts()
    {
        var stored = Enumerable.Range(1, Documents).Select(seed => RandomMarkup.Of((uint)seed)).Concat(HostileMarkup.All).ToArray();
        var drawn = await DrawAsync(stored);
        await using var agent = await browsers.NewProfileAsync();
        var page = await agent.NewPageAsync();
        List<string> acts = [];
        page.Request += (_, request) => acts.Add($"request: {request.Url}");
        page.Popup += (_, popup) => acts.Add($"window: {popup.Url}");
        page.Dialog += async (_, dialog) =>
        {
            acts.Add($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };

        // As Blazor does it: parsed apart, then put into the page. The second is what a saved page would do.
        var strange = await page.EvaluateAsync<string[]>(
            """
            async ([bodies, elements, attributes]) => {
              const strange = [];
              for (const body of bodies) {
                const template = document.createElement("template");
                template.innerHTML = body;
                const place = document.createElement("div");
                place.append(document.importNode(template.content, true));
                document.body.append(place);
                for (const element of place.querySelectorAll("*")) {
                  if (!elements.includes(element.localName) || element.namespaceURI !== "http://www.w3.org/1999/xhtml") strange.push(element.outerHTML.slice(0, 200));
                  for (const { name } of element.attributes) if (!attributes.includes(name)) strange.push(`${name} of ${element.outerHTML.slice(0, 200)}`);
                  element.dispatchEvent(new Event("toggle"));
                  if (element.matches("[title], [data-href]")) element.click();
                }
                const frame = document.createElement("div");
                frame.innerHTML = place.innerHTML;
                if (frame.querySelectorAll("*").length !== place.querySelectorAll("*").length) strange.push(`changes when read again: ${place.innerHTML.slice(0, 300)}`);
              }
              await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
              if (window.ran) strange.push("a script ran");
              return strange;
            }
            """,
            new object[] { drawn, Allowed.Split(' '), (string[])[.. AllowedAttributes.Split(' '), await ScopeAsync()] });

        Assert.Empty(strange);
        Assert.Empty(acts);
        Assert.Equal("about:blank", page.Url);
    }

    [Theory]
    [MemberData(nameof(Heavy))]
    public async Task A_megabyte_does_not_keep_a_window_busy(string type, string kind)
    {
        var drawn = await DrawAsync([HostileBodies.All[kind]], type);
        await using var agent = await browsers.NewProfileAsync();
        var page = await agent.NewPageAsync();
        var styles = string.Concat(new[] { "tokens.css", "console.css", "SupportConsole.styles.css" }.Select(StyleSheet));
        Assert.Contains($".post-body[{await ScopeAsync()}]", styles, StringComparison.Ordinal);
        await page.SetContentAsync($"<!doctype html><style>{styles}</style><main></main>");

        // Until it is painted. A window that is busy for longer doesn't answer at all, which fails here.
        await page.EvaluateAsync(
            """
            async body => {
              const template = document.createElement("template");
              template.innerHTML = body;
              document.querySelector("main").replaceChildren(template.content);
              await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
            }
            """,
            drawn[0]).WaitAsync(TimeSpan.FromSeconds(15), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    public static TheoryData<string, string> Heavy => new(HostileBodies.All.Keys.SelectMany(kind => new[] { ("editor", kind), ("text", kind) })
        .Where(one => one.Item1 == "editor" || HostileBodies.All[one.kind].AsSpan(0, 20).IndexOf('<') < 0).Select(one => (one.Item1, one.kind)));

    // Words between a table's rows are the only ones that change places, where a parser moves them out of the table.
    private static bool KeepsOrder(string stored) => !stored.Contains("<table", StringComparison.OrdinalIgnoreCase);

    private static async Task<string[][]> WordsAsync(IBrowserContext profile, string[] bodies)
    {
        var page = await profile.NewPageAsync();
        await page.RouteAsync("**", route => route.AbortAsync());
        var texts = await page.EvaluateAsync<string[]>(
            """
            bodies => bodies.map(body => {
              const place = document.createElement("div");
              place.innerHTML = body;
              // Chromium's innerText gives all text of an option, drawn or not.
              place.querySelectorAll("option :is(audio, video, title, style, script, iframe, noembed, noframes)").forEach(unseen => unseen.remove());
              document.body.append(place);
              const text = place.innerText;
              place.remove();
              return text;
            })
            """,
            bodies);
        return [.. texts.Select(text => Word().Matches(text).Select(word => word.Value).ToArray())];
    }

    /// <summary>The attribute by which the component's own styles know what it draws.</summary>
    private static async Task<string> ScopeAsync() => Scope().Match((await DrawAsync([""]))[0]).Value;

    // As it is served: the component's own styles are where the build puts them together, not where they are written.
    private static string StyleSheet(string name)
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "SupportConsole.staticwebassets.runtime.json")));
        var asset = assets.RootElement.GetProperty("Root").GetProperty("Children").GetProperty(name).GetProperty("Asset");
        var folder = assets.RootElement.GetProperty("ContentRoots")[asset.GetProperty("ContentRootIndex").GetInt32()].GetString()!;
        return File.ReadAllText(Path.Combine(folder, asset.GetProperty("SubPath").GetString()!));
    }

    private static async Task<string[]> DrawAsync(string[] stored, string type = "editor")
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var drawn = new List<string>();
            foreach (var body in stored)
            {
                var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(PostBody.Body)] = ShownBody.Of(type, body) });
                drawn.Add((await renderer.RenderComponentAsync<PostBody>(parameters)).ToHtmlString());
            }

            return drawn.ToArray();
        });
    }

    [GeneratedRegex("w[0-9]+q", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex("b-[a-z0-9]{10}")]
    private static partial Regex Scope();
}
