using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using SupportConsole.Access;
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
    private string? _failure;
    private bool _busy;

    [Inject] public required CurrentStaff Staff { get; init; }

    [Inject] public required OpenSessions Sessions { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required TimeProvider Clock { get; init; }

    [CascadingParameter] public required IMudDialogInstance Dialog { get; set; }

    [Parameter, EditorRequired] public required UserSummary User { get; set; }

    /// <summary>What a deep link filled in.</summary>
    [Parameter] public string? Reason { get; set; }

    /// <summary>What a deep link filled in.</summary>
    [Parameter] public string? Ticket { get; set; }

    /// <summary>Opens the dialog over the page.</summary>
    public static Task ShowAsync(IDialogService dialogs, UserSummary user, string? reason = null, string? ticket = null) =>
        dialogs.ShowAsync<StartViewAsDialog>(
            null,
            new DialogParameters<StartViewAsDialog> { { d => d.User, user }, { d => d.Reason, reason }, { d => d.Ticket, ticket } },
            new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true, CloseOnEscapeKey = true });

    protected override Task OnInitializedAsync()
    {
        _reason = Reason ?? "";
        _ticket = Ticket ?? "";
        _minutes = Desk.Policy.DefaultMinutes;
        return CheckAsync();
    }

    private Task ChooseAsync(int minutes)
    {
        _minutes = minutes;
        return CheckAsync();
    }

    private async Task CheckAsync()
    {
        _failure = null;
        _rules = await Desk.CheckAsync(Staff, User, Purpose, _minutes, Gone);
        var staff = await Staff.FindForDisplayAsync(Gone);
        _other = staff is null ? null : Sessions.Of(staff.Member.Id)?.Session;
    }

    private ViewAsPurpose Purpose => new(_reason, _category, _ticket);

    private async Task EndOtherAsync()
    {
        if (_other is { } other)
        {
            await Desk.EndAsync(other.Id, EndReason.Replaced, await Staff.FindForDisplayAsync(Gone));
            await CheckAsync();
        }
    }

    private async Task StartAsync()
    {
        _busy = true;
        try
        {
            switch (await Desk.OpenAsync(Staff, User.Id, Purpose, _minutes, Gone))
            {
                case ViewAsOutcome.Opened opened:
                    Dialog.Close();
                    Navigation.NavigateTo($"/sessions/{opened.Session.Id}");
                    break;
                case ViewAsOutcome.Refused refused:
                    _rules = refused.Rules;
                    break;
            }
        }
        catch (ExplainedException failure)
        {
            _failure = failure.Message;
        }
        finally
        {
            _busy = false;
        }
    }
}
