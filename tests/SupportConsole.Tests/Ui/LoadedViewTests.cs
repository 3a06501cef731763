using Bunit;
using SupportConsole.Tests.TestKit;
using SupportConsole.Ui;

namespace SupportConsole.Tests.Ui;

public sealed class LoadedViewTests : ConsoleContext
{
    [Fact]
    public void Waiting_says_so()
    {
        var view = Show(new Loaded<string>.Waiting());

        Assert.Equal("Reading…", view.Find("[role=status] p").TextContent);
    }

    [Fact]
    public void An_answer_is_shown() => Assert.Equal("the answer", Show(new Loaded<string>.Ready("the answer")).Find("b").TextContent);

    [Fact]
    public void Nothing_is_said_to_be_nothing() => Assert.Equal("Nothing here", Show(new Loaded<string>.Ready("")).Find("[role=status]").TextContent);

    [Fact]
    public async Task A_failure_explains_itself_and_can_be_tried_again()
    {
        var again = 0;
        var view = Show(new Loaded<string>.Failed("PocketBase can't be reached."), () => again++);

        Assert.Contains("PocketBase can't be reached.", view.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        await view.Find("button").ClickAsync(new());
        Assert.Equal(1, again);
    }

    private IRenderedComponent<LoadedView<string>> Show(Loaded<string> state, Action? retry = null) => Render<LoadedView<string>>(p => p
        .Add(v => v.State, state)
        .Add(v => v.Waiting, "Reading…")
        .Add(v => v.Empty, "Nothing here")
        .Add(v => v.IsEmpty, text => text.Length == 0)
        .Add(v => v.OnRetry, () => retry?.Invoke())
        .Add(v => v.ChildContent, text => $"<b>{text}</b>"));
}
