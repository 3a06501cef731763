using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys.Ending;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.Ui;

namespace SupportConsole.Features.ApiKeys.Inventory;

/// <summary>The inventory of keys: what there is, in which state, who answers for it and when it was last used.</summary>
public sealed partial class ApiKeysPage
{
    private readonly Latest _newestList = new();
    private readonly Latest _newestUsage = new();
    private readonly AddressedText _typed = new();
    private Loaded<KeyList> _list = new Loaded<KeyList>.Waiting();
    private KeyUsage? _usage;
    private string? _usageFailure;
    private string? _failure;
    private List<ApiKey>? _meanwhile;
    private StaffId? _me;
    private IDisposable? _subscription;

    private static readonly (string Value, string Words)[] States =
    [
        ("", "All"),
        .. Enum.GetValues<KeyState>().Select(state => (state.ToString().ToLowerInvariant(), KeyWords.Of(state))),
        (KeyFilter.Orphaned, "owner without a role"),
    ];

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private IDialogService Dialogs { get; init; } = null!;

    [Inject] private StepUp Proof { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private IJSRuntime Browser { get; init; } = null!;

    [Inject] private TimeProvider Clock { get; init; } = null!;

    /// <summary>What is searched for, as <see cref="KeyFilter"/> reads it; the box follows it.</summary>
    [SupplyParameterFromQuery] public string? Text { get; set; }

    /// <summary>Which keys are shown: the name of a state, or <see cref="KeyFilter.Orphaned"/>; anything else shows none and says so.</summary>
    [SupplyParameterFromQuery] public string? State { get; set; }

    /// <summary>The order, as <see cref="KeyFilter"/> reads it; null for the newest first.</summary>
    [SupplyParameterFromQuery] public string? Sort { get; set; }

    /// <summary>Whether the person left a form to confirm who they are, and is back.</summary>
    [SupplyParameterFromQuery] public bool Resume { get; set; }

    private KeyFilter Filter => new(_typed.Text, State, Sort);

    private KeyList? Ready => (_list as Loaded<KeyList>.Ready)?.Value;

    private TableColumn[] Columns =>
        [SortedBy("name", "Key"), SortedBy("owner", "Owner"), SortedBy("expires", "Expires"), SortedBy("state", "State"), new("Last used"), TableColumn.Actions];

    private IReadOnlyList<KeyLine> Shown => Ready is { } ready ? Filter.Apply(ready.Lines, Clock.GetUtcNow()) : [];

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        _subscription = Changes.Subscribe(changed => OnRendererAsync(() =>
        {
            Apply(changed);
            StateHasChanged();
            return Task.CompletedTask;
        }));
        _me = (await Staff.FindForDisplayAsync(Gone))?.Member.Id;
        await ListAsync();
        if (Resume && await Proof.TakeAsync<KeyForm>(Gone) is { } kept && Ready is { } ready)
        {
            await ResumeAsync(kept, ready);
        }

        await ReadUsageAsync();
    }

    /// <inheritdoc />
    protected override void OnParametersSet() => _typed.Follow(Text);

    private async Task LoadAsync()
    {
        await ListAsync();
        await ReadUsageAsync();
    }

    private async Task ListAsync()
    {
        List<ApiKey> meanwhile = _meanwhile = [];
        if (await LoadAsync(_newestList, run => Inventory.ListAsync(Staff, run), list => _list = list))
        {
            _meanwhile = null;
            Apply(meanwhile);
            StateHasChanged();
        }
    }

    private async Task ReadUsageAsync()
    {
        if (Ready is { Unreachable: null } ready)
        {
            // The log is read after the keys are shown: it may be long.
            var now = Clock.GetUtcNow();
            ApiKey[] working = [.. ready.Lines.Where(line => line.MayWork(now) && line.Account == AccountPresence.There && line.Key.Record.Length > 0).Select(line => line.Key)];
            await LoadAsync(_newestUsage, run => Inventory.UsageAsync(Staff, working, run), read =>
            {
                _usage = (read as Loaded<KeyUsage>.Ready)?.Value ?? _usage;
                _usageFailure = (read as Loaded<KeyUsage>.Failed)?.Explanation;
            });
        }
    }

    /// <summary>Brings the lines up to date with what has just been changed, here or by somebody else, without asking PocketBase.</summary>
    private void Apply(IReadOnlyList<ApiKey> changed)
    {
        _meanwhile?.AddRange(changed); // Should the list be on its way, it may be older than this.
        if (Ready is not { } ready)
        {
            return;
        }

        var lines = ready.Lines.ToList();
        foreach (var key in changed)
        {
            var at = lines.FindIndex(line => line.Key.Id == key.Id);
            if (key.Phase is KeyPhase.Draft or KeyPhase.Making or KeyPhase.Dropping or KeyPhase.Dropped)
            {
                if (at >= 0)
                {
                    lines.RemoveAt(at);
                }
            }
            else if (at >= 0)
            {
                lines[at] = lines[at] with { Key = key };
            }
            else
            {
                var owner = ready.Owners.FirstOrDefault(member => member.Id == key.Owner);
                lines.Insert(0, new KeyLine(key, AccountPresence.There, new KeyOwner(owner?.Name ?? key.Owner.Value, owner is not null)));
            }
        }

        _list = new Loaded<KeyList>.Ready(ready with { Lines = lines });
    }

    private Task CreateAsync() => Ready is { } ready ? CreateKeyDialog.ShowAsync(Dialogs, ready.Owners) : Task.CompletedTask;

    private Task EmergencyAsync() => Ready is { } ready ? RevokeAllDialog.ShowAsync(Dialogs, ready.Lines) : Task.CompletedTask;

    private Task ActAsync(KeyAct act, ApiKey key) => act switch
    {
        KeyAct.Mint => CreateKeyDialog.ShowAsync(Dialogs, Ready?.Owners ?? [], key),
        KeyAct.Rotate => RotateKeyDialog.ShowAsync(Dialogs, key),
        _ => ChangeKeyDialog.ShowAsync(Dialogs, act, key),
    };

    private Task ResumeAsync(KeyForm kept, KeyList ready)
    {
        var key = ready.Lines.FirstOrDefault(line => line.Key.Id == kept.Key)?.Key;
        return (kept.Act, key) switch
        {
            (KeyAct.Create, _) => CreateKeyDialog.ShowAsync(Dialogs, ready.Owners, form: kept),
            (KeyAct.RevokeAll, _) => RevokeAllDialog.ShowAsync(Dialogs, ready.Lines, kept),
            (_, null) => Task.CompletedTask, // The key is gone meanwhile.
            (KeyAct.Mint, { } approved) => CreateKeyDialog.ShowAsync(Dialogs, ready.Owners, approved, kept),
            (KeyAct.Rotate, { } old) => RotateKeyDialog.ShowAsync(Dialogs, old, kept),
            (var act, { } found) => ChangeKeyDialog.ShowAsync(Dialogs, act, found, kept),
        };
    }

    private async Task GiveUpAsync(ApiKey key)
    {
        _failure = null;
        try
        {
            await Maker.GiveUpAsync(Staff, key.Id, Gone);
        }
        catch (ExplainedException failure)
        {
            _failure = failure.Message;
        }
    }

    private void Search(string text)
    {
        _typed.Text = text;
        _typed.Send();
        Navigation.NavigateTo(Filter.ToAddress(), replace: true);
    }

    private void ChooseState(string state) => Navigation.NavigateTo((Filter with { State = state }).ToAddress());

    private async Task ExportAsync()
    {
        _failure = null;
        try
        {
            var now = Clock.GetUtcNow();
            var lines = Shown;
            await Inventory.ExportingAsync(Staff, Filter, lines.Count, Gone);
            using var sheet = new DotNetStreamReference(new MemoryStream(KeySheet.Of(lines, _usage, now)));
            await Browser.InvokeVoidAsync("supportConsole.save", Gone, $"api-keys-{now.UtcDateTime:yyyyMMdd-HHmmss}.csv", "text/csv", sheet);
        }
        catch (ExplainedException failure)
        {
            _failure = failure.Message;
        }
    }

    private TableColumn SortedBy(string order, string name) =>
        new(name, Filter.SortedBy(order).ToAddress(), Sort == order ? "ascending" : Sort == $"-{order}" ? "descending" : null);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _subscription?.Dispose();
        _newestList.Dispose();
        _newestUsage.Dispose();
        base.Dispose(disposing);
    }
}
