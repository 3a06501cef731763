using SupportConsole.Core.Audit;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>Somewhere outside that takes events as the trail grows. It is asked by one caller at a time, in the order of the trail.</summary>
internal interface IEventSink
{
    /// <summary>What its place in the trail is kept under, for ever: another address is still the same sink.</summary>
    string Name { get; }

    /// <summary>What it is in a sentence, without anything secret: <c>The webhook to hooks.example.org</c>.</summary>
    string Label { get; }

    /// <summary>Whether the settings name it.</summary>
    bool IsConfigured { get; }

    /// <summary>Whether one that is new begins with the trail's first event, and not with the next one.</summary>
    bool FromStart { get; }

    /// <summary>The types that it takes; null for all.</summary>
    IReadOnlyList<string>? Types { get; }

    /// <summary>How many events it takes at once.</summary>
    int Piece { get; }

    /// <summary>Takes events. When it ends well, they are where they belong; otherwise they are given to it again, and so may come twice.</summary>
    /// <exception cref="SinkException">It isn't certain that it has them.</exception>
    Task TakeAsync(IReadOnlyList<AuditEntry> piece, CancellationToken cancellationToken);
}
