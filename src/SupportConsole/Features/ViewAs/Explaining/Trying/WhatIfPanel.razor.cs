using Microsoft.AspNetCore.Components;
using SupportConsole.Access;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Explaining.Deciding;

namespace SupportConsole.Features.ViewAs.Explaining.Trying;

/// <summary>Tries another rule without keeping it.</summary>
public sealed partial class WhatIfPanel
{
    private Kind _kind;
    private string _text = "";
    private (ReadRule Rule, string? Present)? _shown;

    /// <summary>What the rule may be.</summary>
    private enum Kind
    {
        ByRule,
        Everybody,
        SuperusersOnly,
    }

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    /// <summary>The open session that is asked in.</summary>
    [Parameter, EditorRequired] public required ViewAsSession Session { get; set; }

    /// <summary>The rule's collection.</summary>
    [Parameter, EditorRequired] public required string Collection { get; set; }

    /// <summary>A record for which it is tried for other users; null for none.</summary>
    [Parameter] public string? Record { get; set; }

    /// <summary>Which of the collection's rules.</summary>
    [Parameter] public ReadRule Rule { get; set; }

    /// <summary>The rule as it is, which is where the trial begins; null for superusers only.</summary>
    [Parameter] public string? Present { get; set; }

    private string? Edited => _kind switch { Kind.Everybody => "", Kind.SuperusersOnly => null, _ => _text.Trim() };

    private string? Fault => _kind == Kind.ByRule && _text.Trim().Length == 0 ? "Enter a rule, or choose who may without one." : null;

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (_shown != (Rule, Present))
        {
            _shown = (Rule, Present);
            _text = Present ?? "";
            _kind = Present switch { null => Kind.SuperusersOnly, "" => Kind.Everybody, _ => Kind.ByRule };
        }
    }

    private static string WordsOf(Kind kind) => kind switch { Kind.Everybody => "Everybody", Kind.SuperusersOnly => "Superusers only", _ => "By rule" };
}
