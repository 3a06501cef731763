using Bunit;
using Microsoft.AspNetCore.Components.Rendering;
using SupportConsole.Core;
using SupportConsole.Tests.TestKit;
using SupportConsole.Ui;

namespace SupportConsole.Tests.Ui;

/// <summary>The newest question owns what is shown, whichever answer comes last.</summary>
public sealed class LivingComponentTests : ConsoleContext
{
    private readonly TaskCompletionSource<string> _older = new(), _newer = new();
    private CancellationToken _olderWaits;

    [Fact]
    public async Task The_answer_is_shown()
    {
        var asking = await AskTwiceAsync();

        _newer.SetResult("newer");

        await asking.WaitForAssertionAsync(() => Assert.Equal("newer", asking.Markup));
    }

    [Fact]
    public async Task An_older_answer_that_comes_last_changes_nothing()
    {
        var asking = await AskTwiceAsync();
        Assert.True(_olderWaits.IsCancellationRequested);
        _newer.SetException(new Refused());
        await asking.WaitForAssertionAsync(() => Assert.Equal("refused", asking.Markup));

        await asking.InvokeAsync(() => _older.SetResult("older"));

        Assert.Equal("refused", asking.Markup);
    }

    [Fact]
    public async Task An_older_question_that_breaks_off_last_does_not_bring_its_waiting_back()
    {
        var asking = await AskTwiceAsync();
        _newer.SetException(new Refused());
        await asking.WaitForAssertionAsync(() => Assert.Equal("refused", asking.Markup));

        await asking.InvokeAsync(() => _older.SetCanceled(_olderWaits));

        Assert.Equal("refused", asking.Markup);
    }

    [Fact]
    public async Task A_question_that_nobody_took_back_and_that_breaks_off_is_told()
    {
        var asking = await AskTwiceAsync();

        _newer.SetCanceled();

        await asking.WaitForAssertionAsync(() => Assert.Equal("This was broken off before there was an answer. Try again.", asking.Markup));
    }

    [Fact]
    public async Task An_answer_for_a_component_that_is_gone_is_dropped()
    {
        var asking = (await AskTwiceAsync()).Instance;
        await DisposeComponentsAsync();

        _newer.SetResult("newer");

        Assert.IsType<Loaded<string>.Waiting>(asking.State);
    }

    [Fact]
    public async Task Whoever_asked_learns_whether_the_answer_is_shown()
    {
        var asking = Render<Asking>();
        Task<bool> older = null!, newer = null!;
        await asking.InvokeAsync(() =>
        {
            older = asking.Instance.AskAsync(_ => _older.Task);
            newer = asking.Instance.AskAsync(_ => _newer.Task);
        });

        _newer.SetResult("newer");
        _older.SetResult("older");

        Assert.True(await newer);
        Assert.False(await older);
    }

    [Fact]
    public async Task What_throws_when_it_is_taken_back_holds_nothing_up()
    {
        var asking = await AskTwiceAsync();
        await asking.InvokeAsync(() =>
        {
            _ = asking.Instance.AskAsync(NeverAsync);
            _ = asking.Instance.AskAsync(_ => Task.FromResult("newest"));
        });
        Assert.Equal("newest", asking.Markup);

        await asking.InvokeAsync(() =>
        {
            _ = asking.Instance.AskAsync(NeverAsync);
            asking.Instance.Dispose();
        });
        Assert.True(asking.Instance.IsGone);

        static Task<string> NeverAsync(CancellationToken waits)
        {
            waits.Register(() => throw new InvalidOperationException("An answer nobody waits for"));
            return new TaskCompletionSource<string>().Task;
        }
    }

    private async Task<IRenderedComponent<Asking>> AskTwiceAsync()
    {
        var asking = Render<Asking>();
        await asking.InvokeAsync(() =>
        {
            _ = asking.Instance.AskAsync(waits =>
            {
                _olderWaits = waits;
                return _older.Task;
            });
            _ = asking.Instance.AskAsync(_ => _newer.Task);
        });
        return asking;
    }

    private sealed class Refused() : ExplainedException("refused");

    private sealed class Asking : LivingComponent
    {
        private readonly Latest _latest = new();

        public Loaded<string> State { get; private set; } = new Loaded<string>.Waiting();

        public bool IsGone => Gone.IsCancellationRequested;

        public Task<bool> AskAsync(Func<CancellationToken, Task<string>> ask) => LoadAsync(_latest, ask, state =>
        {
            State = state;
            StateHasChanged();
        });

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, State switch
        {
            Loaded<string>.Ready ready => ready.Value,
            Loaded<string>.Failed failed => failed.Explanation,
            _ => "waiting",
        });

        protected override void Dispose(bool disposing)
        {
            _latest.Dispose();
            base.Dispose(disposing);
        }
    }
}
