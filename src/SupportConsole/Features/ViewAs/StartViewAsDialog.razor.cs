using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using SupportConsole.Core;
using SupportConsole.Core.Users;
using SupportConsole.Core.ViewAs;

namespace SupportConsole.Features.ViewAs;

/// <summary>Asks for the reason and the time box, shows each rule with its state, and opens the session.</summary>
public sealed partial class StartViewAsDialog
{
    private string _reason = "";
    private string _ticket = "";
    private string _category = ViewAsPolicy.Categories[0];
    private int _minutes;
    private ImmutableArray<RuleState> _rules = [];
    private ViewAsSession? _other;

    [Inject] private LiveSessions Sessions { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private TimeProvider Clock { get; init; } = null!;

    /// <summary>The user to be viewed.</summary>
    [Parameter, EditorRequired] public required UserSummary User { get; set; }

    /// <summary>What a deep link filled in, or what was typed before the person confirmed who they are.</summary>
    [Parameter] public SessionForm? Form { get; set; }

    /// <summary>Opens the dialog over the page.</summary>
    public static Task ShowAsync(IDialogService dialogs, UserSummary user, SessionForm? form = null) =>
        dialogs.ShowAsync<StartViewAsDialog>(
            null,
            new DialogParameters<StartViewAsDialog> { { d => d.User, user }, { d => d.Form, form } },
            new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true, CloseOnEscapeKey = true });

    /// <inheritdoc />
    protected override Task OnInitializedAsync()
    {
        _reason = Form?.Reason ?? "";
        _ticket = Form?.Ticket ?? "";
        _category = Form?.Category is { } category && ViewAsPolicy.Categories.Contains(category) ? category : ViewAsPolicy.Categories[0];
        _minutes = Form?.Minutes is { } minutes && Desk.Policy.Minutes.Contains(minutes) ? minutes : Desk.Policy.DefaultMinutes;
        return CheckAsync();
    }

    private Task CheckAsync() => LookAsync(agent =>
    {
        _rules = Desk.Check(agent, User, Purpose, _minutes);
        _other = agent is null ? null : Sessions.Of(agent.Member.Id)?.Session;
    });

    private ViewAsPurpose Purpose => new(_reason, _category, _ticket);

    private async Task EndOtherAsync()
    {
        try
        {
            await Desk.EndForAnotherAsync(Staff, Gone);
        }
        catch (ExplainedException failure)
        {
            Failure = failure.Message;
            return;
        }

        await CheckAsync();
    }

    private Task StartAsync() => DoAsync(
        new SessionForm(_reason, _ticket, _category, _minutes),
        $"start?user={User.Id.Collection}/{User.Id.EscapedRecord}&resume=true",
        async () =>
        {
            switch (await Desk.OpenAsync(Staff, User.Id, Purpose, _minutes, Gone))
            {
                case ViewAsOutcome.Opened opened:
                    Dialog.Close();
                    Navigation.NavigateTo($"sessions/{opened.Session.Id}");
                    break;
                case ViewAsOutcome.Refused refused:
                    _rules = refused.Rules;
                    break;
            }
        });
}
