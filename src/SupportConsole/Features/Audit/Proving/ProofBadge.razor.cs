using Microsoft.AspNetCore.Components;
using SupportConsole.Access;
using SupportConsole.Core.Audit;
using SupportConsole.Ui;
using static SupportConsole.Core.Numbers;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>Says in the head of the audit page whether the trail is in order, as far as anybody has looked, and has somebody look.</summary>
public sealed partial class ProofBadge
{
    // Four pictures a second are as good as more, and leave the window to its reader.
    private static readonly TimeSpan BetweenPictures = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Old = TimeSpan.FromHours(24);

    private readonly Latest _newest = new();
    private readonly Latest _run = new();
    private Loaded<ProofState> _state = new Loaded<ProofState>.Waiting();
    private ITimer? _minutes;
    private bool _isRunning;
    private bool _isSaidInRed;
    private (long Done, long Of) _progress;
    private string? _said;
    private string? _saidAs;

    /// <summary>Shows an entry.</summary>
    [Parameter, EditorRequired] public EventCallback<AuditEntry> OnOpen { get; set; }

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private ProofDesk Proofs { get; init; } = null!;

    [Inject] private Verification Verification { get; init; } = null!;

    [Inject] private AuditDesk Trail { get; init; } = null!;

    [Inject] private TimeProvider Clock { get; init; } = null!;

    private ProofState? State => (_state as Loaded<ProofState>.Ready)?.Value;

    private double Percent => _progress.Of == 0 ? 0 : Math.Floor(100.0 * _progress.Done / _progress.Of);

    private string Progress => _progress.Of == 0 ? "Reading the checkpoints…" : $"{Percent:0} % · {Number(_progress.Done)} of {Number(_progress.Of)} events";

    /// <inheritdoc />
    protected override Task OnInitializedAsync()
    {
        // What is three minutes ago is four minutes ago a minute later. Nothing is asked for that: a window left open isn't somebody at work.
        var minute = TimeSpan.FromMinutes(1);
        _minutes = Clock.CreateTimer(_ => _ = OnRendererAsync(() =>
        {
            StateHasChanged();
            return Task.CompletedTask;
        }), null, minute, minute);
        return AskAsync();
    }

    private Task<bool> AskAsync() => LoadAsync(_newest, run => Proofs.StateAsync(Staff, run), state => _state = state);

    private async Task VerifyAsync()
    {
        if (_isRunning)
        {
            return;
        }

        (_isRunning, _progress, _said) = (true, (0, 0), null);
        var progress = new Pictures(Clock, part => _ = OnRendererAsync(() =>
        {
            _progress = part;
            StateHasChanged();
            return Task.CompletedTask;
        }));
        Loaded<Verdict>? ended = null;
        await LoadAsync(_run, run => Verification.RunAsync(Staff, progress, run), answer => ended = answer);
        _isRunning = false;
        (_said, _saidAs, _isSaidInRed) = ended switch
        {
            Loaded<Verdict>.Ready { Value: var verdict } => (VerdictWords.Of(verdict), "said-good", !verdict.IsGood),
            Loaded<Verdict>.Failed { Explanation: var why } => (why, "note", false),
            _ => ("The verification was cancelled. What the last one said still stands.", "note note-quiet", false),
        };
        await AskAsync();
    }

    private async Task OpenAsync(long sequence)
    {
        AuditEntry? found = null;
        await LoadAsync(_newest, run => Trail.FindAsync(Staff, sequence, run), answer =>
        {
            found = (answer as Loaded<AuditEntry?>.Ready)?.Value;
            (_said, _saidAs, _isSaidInRed) = (answer as Loaded<AuditEntry?>.Failed)?.Explanation is { } why ? (why, "note", false)
                : found is null ? ($"There is no event {Number(sequence)} any more.", "note", false)
                : (null, null, false);
        });
        if (found is not null)
        {
            await OnOpen.InvokeAsync(found);
        }
    }

    private RenderFragment Words(Verdict? last) => last switch
    {
        null => Tagged(Tag.Tone.Quiet, "Not verified yet"),
        { IsGood: false } => Tagged(Tag.Tone.Bad, "Not in order"),
        _ when Clock.GetUtcNow() - last.At is var age && age >= Old => Tagged(Tag.Tone.Attention, $"Verification up to event {Number(last.Size)} is {VerdictWords.Of(age)} old"),
        _ => Tagged(Tag.Tone.Good, $"Verified up to event {Number(last.Size)} · {Ago(last.At)}"),
    };

    private string SignedWords(ProofState state) =>
        state.Newest is { } newest ? $"signed up to event {Number(newest.Size)}, {Ago(newest.MadeAt)}" : "no checkpoint is signed yet";

    private string Ago(DateTimeOffset at) => $"{VerdictWords.Of(Clock.GetUtcNow() - at)} ago";

    // A place from which events are gone has nothing to show.
    private static bool IsThere(TrailFault fault) => fault.Kind is not (TrailFaultKind.MissingMiddle or TrailFaultKind.MissingTail);

    private static RenderFragment Tagged(Tag.Tone tone, string words) => builder =>
    {
        builder.OpenComponent<Tag>(0);
        builder.AddComponentParameter(1, nameof(Tag.Kind), tone);
        builder.AddComponentParameter(2, nameof(Tag.ChildContent), (RenderFragment)(content => content.AddContent(0, words)));
        builder.CloseComponent();
    };

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _minutes?.Dispose();
        _run.Dispose();
        _newest.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Passes on as much progress as anybody can see, and the end of it.</summary>
    private sealed class Pictures(TimeProvider clock, Action<(long Done, long Of)> show) : IProgress<(long Done, long Of)>
    {
        private long? _last;

        public void Report((long Done, long Of) value)
        {
            if (_last is { } last && value.Done < value.Of && clock.GetElapsedTime(last) < BetweenPictures)
            {
                return;
            }

            _last = clock.GetTimestamp();
            show(value);
        }
    }
}
