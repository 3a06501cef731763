using Microsoft.AspNetCore.Components;
using MudBlazor;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.ApiKeys.Making;

/// <summary>
/// Makes a key in two steps: its account first, to see what it will reach, then the token, which is shown once. What is left in
/// between is given up with the dialog.
/// </summary>
public sealed partial class CreateKeyDialog
{
    private string _name = "";
    private string _purpose = "";
    private string _owner = "";
    private KeyKind _kind;
    private KeyLife _life = new(90);
    private KeyDraft? _draft;
    private IReadOnlyList<CollectionReach> _reach = [];
    private IssuedKey? _issued;
    private bool _asked;

    [Inject] private TimeProvider Clock { get; init; } = null!;

    /// <summary>Everybody who can answer for a key.</summary>
    [Parameter, EditorRequired] public required IReadOnlyList<StaffMember> Owners { get; set; }

    /// <summary>A superuser key that a second admin has agreed to; null for a new key.</summary>
    [Parameter] public ApiKey? Approved { get; set; }

    private KeyWish Wish => new(_name, _purpose, _owner, _kind, _life);

    private bool Fits => Maker.Policy.Check(Wish, Clock.GetUtcNow()).Count == 0;

    private IEnumerable<(string, string)> Kinds =>
        from kind in Enum.GetValues<KeyKind>()
        where kind != KeyKind.Superuser || Maker.Policy.SuperuserKeys
        select (kind.ToString(), KeyKinds.NameOf(kind));

    private string Title => (_issued, _asked, Approved ?? _draft?.Key) switch
    {
        ({ } issued, _, _) => $"{issued.Key.Name} is made",
        (_, true, _) => "Asked for",
        (_, _, { } key) => $"Create {key.Name}",
        _ => "Create a key",
    };

    /// <summary>Opens the dialog.</summary>
    public static Task ShowAsync(IDialogService dialogs, IReadOnlyList<StaffMember> owners, ApiKey? approved = null, KeyForm? form = null) =>
        dialogs.ShowAsync<CreateKeyDialog>(
            null,
            new DialogParameters<CreateKeyDialog> { { d => d.Owners, owners }, { d => d.Approved, approved }, { d => d.Form, form } },
            Options(MaxWidth.Medium, closeOnEscape: false));

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        var me = (await Staff.FindForDisplayAsync(Gone))?.Member.Id.Value;
        _owner = Owners.FirstOrDefault(member => member.Id.Value == me)?.Id.Value ?? (Owners is [var first, ..] ? first.Id.Value : "");
        _life = new KeyLife(Math.Min(90, Maker.Policy.MaxDays));
        if (Form?.Wish is { } kept)
        {
            (_name, _purpose, _owner, _kind, _life) = kept;
        }

        await base.OnInitializedAsync();
    }

    private void ChooseKind(string kind)
    {
        _kind = Enum.Parse<KeyKind>(kind);
        if (Maker.Policy.CheckLife(_kind, _life, Clock.GetUtcNow()) is not null)
        {
            _life = new KeyLife(Maker.Policy.MostDaysFor(_kind));
        }
    }

    private Task PrepareAsync() => DoAsync(
        new KeyForm(KeyAct.Create, Wish: Wish),
        async () =>
        {
            _draft = await Maker.PrepareAsync(Staff, Wish, Gone);
            _reach = _draft.Reach;
        });

    private Task AskAsync() => DoAsync(
        new KeyForm(KeyAct.Create, Wish: Wish),
        async () =>
        {
            await Superusers.AskAsync(Staff, Wish, Gone);
            _asked = true;
        });

    private Task MintAsync() => DoAsync(
        Approved is null ? new KeyForm(KeyAct.Create, Wish: Wish) : new KeyForm(KeyAct.Mint, Approved.Id),
        async () =>
        {
            Keep(await Maker.MintAsync(Staff, (Approved ?? _draft!.Key).Id, Gone), issued => _issued = issued);
            _draft = null;
        },
        GiveUpDraftAsync);

    private async Task CancelAsync()
    {
        // Without DoAsync: giving up asks nobody to confirm who they are.
        await GiveUpDraftAsync();
        Dialog.Cancel();
    }

    // A window that is closed instead leaves its draft to the keeper, and so does a failure here.
    private async Task GiveUpDraftAsync()
    {
        if (_draft is { } draft)
        {
            _draft = null;
            try
            {
                await Maker.GiveUpAsync(Staff, draft.Key.Id, Gone);
            }
            catch (ExplainedException)
            {
                // Nobody was given anything: the draft has no token, and the keeper removes it in a quarter of an hour.
            }
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _issued?.Dispose();
        base.Dispose(disposing);
    }
}
