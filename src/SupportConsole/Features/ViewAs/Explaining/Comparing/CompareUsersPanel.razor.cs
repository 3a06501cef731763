using Microsoft.AspNetCore.Components;
using SupportConsole.Access;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Ui;

namespace SupportConsole.Features.ViewAs.Explaining.Comparing;

/// <summary>Lays the viewed user beside another one.</summary>
public sealed partial class CompareUsersPanel
{
    private readonly Latest _newest = new();
    private Loaded<ComparedUsers>? _compared;
    private string _other = "";

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    /// <summary>The open session that is asked in.</summary>
    [Parameter, EditorRequired] public required ViewAsSession Session { get; set; }

    /// <summary>The record's collection.</summary>
    [Parameter, EditorRequired] public required string Collection { get; set; }

    /// <summary>The record's id.</summary>
    [Parameter, EditorRequired] public required string Record { get; set; }

    /// <summary>Which of the collection's rules.</summary>
    [Parameter] public ReadRule Rule { get; set; }

    private async Task CompareAsync()
    {
        var other = _other;
        _compared = new Loaded<ComparedUsers>.Waiting();
        await LoadAsync(_newest, run => Comparison.CompareAsync(Staff, Session.Id, Collection, Record, Rule, other, run), compared => _compared = compared);
    }

    private void Cancel()
    {
        _newest.Cancel();
        _compared = null;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _newest.Dispose();
        base.Dispose(disposing);
    }
}
