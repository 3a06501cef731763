using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components.Server.ProtectedBrowserStorage;
using Microsoft.Extensions.DependencyInjection;
using SupportConsole.Access;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Access;

/// <summary>What was typed comes back to whoever typed it, once, and not for long.</summary>
public sealed class StepUpTests() : WindowContext(Agent)
{
    private static readonly Form Typed = new("Draft is missing from the list", 15);

    [Fact]
    public async Task A_form_comes_back_to_its_person_and_is_kept_no_more()
    {
        await AskAsync();

        Assert.Equal(Typed, await TakeAsync());

        Assert.Equal(["kept:Form"], JSInterop.Invocations["sessionStorage.removeItem"][^1].Arguments);
    }

    [Fact]
    public async Task The_way_there_says_where_to_return_and_nothing_that_was_typed()
    {
        await AskAsync();

        var navigation = Services.GetRequiredService<BunitNavigationManager>();
        Assert.Equal($"{navigation.BaseUri}signin/confirm?returnUrl=%2Fstaff%3Fresume%3Dtrue", navigation.Uri);
        Assert.True(navigation.History.First().Options.ForceLoad);
        var kept = JSInterop.Invocations["sessionStorage.setItem"][^1].Arguments;
        Assert.Equal("kept:Form", kept[0]);
        Assert.DoesNotContain("Draft", kept[1]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_else_in_the_same_tab_gets_nothing_and_leaves_nothing()
    {
        await AskAsync();

        Assert.Null(await TakeAsync(OtherAgent));

        Assert.NotEmpty(JSInterop.Invocations["sessionStorage.removeItem"]);
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(30, false)]
    [InlineData(60 * 24 * 365, false)]
    public async Task A_form_is_kept_for_half_an_hour(int minutes, bool kept)
    {
        await AskAsync();

        Console.Clock.Advance(TimeSpan.FromMinutes(minutes));

        Assert.Equal(kept ? Typed : null, await TakeAsync());
        Assert.NotEmpty(JSInterop.Invocations["sessionStorage.removeItem"]);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{\"Staff\":\"demo/mia-chen\",\"At\":\"2100-01-01T00:00:00Z\",\"Form\":{\"Reason\":\"Typed by a script\",\"Minutes\":600}}")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("\u202E")]
    public async Task What_the_console_did_not_write_is_none(string found)
    {
        BringBack(found);

        Assert.Null(await TakeAsync());

        Assert.NotEmpty(JSInterop.Invocations["sessionStorage.removeItem"]);
    }

    [Fact]
    public async Task What_was_kept_for_another_form_does_not_fit_this_one()
    {
        await Step().DoAsync(new OtherForm("nightly"), "keys?resume=true", () => throw new ProofTooOldException(), beforeLeaving: null, Token);
        BringBack();

        Assert.Null(await TakeAsync());
    }

    [Fact]
    public async Task Nothing_kept_is_nothing() => Assert.Null(await TakeAsync());

    [Fact]
    public async Task Nobody_leaves_a_form_and_nobody_gets_one()
    {
        await AskAsync();
        var nobody = new StepUp(Services.GetRequiredService<ProtectedSessionStorage>(), Services.GetRequiredService<BunitNavigationManager>(), Console.AsNobody(), Console.Clock);
        var before = JSInterop.Invocations.Count;

        await Assert.ThrowsAsync<SignInOverException>(() => nobody.DoAsync(Typed, "staff", () => throw new ProofTooOldException(), beforeLeaving: null, Token));
        Assert.Null(await nobody.TakeAsync<Form>(Token));

        Assert.Equal(before, JSInterop.Invocations.Count);
    }

    private StepUp Step(string person = Agent) =>
        new(Services.GetRequiredService<ProtectedSessionStorage>(), Services.GetRequiredService<BunitNavigationManager>(), Console.As(person), Console.Clock);

    private async Task AskAsync()
    {
        await Step().DoAsync(Typed, "staff?resume=true", () => throw new ProofTooOldException(), beforeLeaving: null, Token);
        BringBack();
    }

    private Task<Form?> TakeAsync(string person = Agent) => Step(person).TakeAsync<Form>(Token);

    private sealed record Form(string Reason, int Minutes);

    private sealed record OtherForm(string Name);
}
